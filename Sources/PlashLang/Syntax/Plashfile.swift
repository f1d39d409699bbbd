/// A parsed Plashfile: every statement, and every value as a piece of the text.
struct Plashfile: Sendable {
  let file: SourceFile
  let statements: [Statement]
  let values: [SourceSpan]
}
