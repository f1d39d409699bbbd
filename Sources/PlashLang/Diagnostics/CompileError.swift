/// Why a text is no build plan: what is wrong, and where.
public struct CompileError: Error, Sendable {
  let kind: CompileErrorKind
  /// Where it went wrong, with the macros that led there.
  public let origin: Origin

  init(_ kind: CompileErrorKind, _ origin: Origin) {
    self.kind = kind
    self.origin = origin
  }
}
