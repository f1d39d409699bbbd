/// A macro call, as written.
struct Statement: Sendable {
  /// The name without its dashes.
  let name: SourceSpan
  /// What a caret points at: the name with its dashes, or one letter of several.
  let span: SourceSpan
  /// Its values, as a range of the Plashfile's `values`.
  let values: Range<Int>
}
