/// A place in a source text, as people count.
public struct SourceLocation: Sendable, Equatable {
  /// From 1. A command line has one line.
  public let line: Int
  /// From 1, in characters (Unicode scalars; a byte that is not UTF-8 counts as one).
  public let column: Int
}
