/// A text of a macro's body with holes for its parameters. What is put into the holes is never read again.
struct Template: Sendable {
  enum Piece: Sendable {
    case text([UInt8])
    case argument(parameter: Int, filter: Filter?)
  }

  /// What may be asked for behind the colon of `{name:filter}`.
  enum Filter: String, Sendable, CaseIterable {
    /// In shell text: as it is, not quoted.
    case raw
    /// As values: with `#!/bin/sh` before them, unless the first begins with `#!`.
    case shebang
  }

  let pieces: [Piece]
  /// Where it stands in the library.
  let span: SourceSpan

  /// The parameter, if the template is nothing but one hole.
  var soleArgument: (parameter: Int, filter: Filter?)? {
    guard pieces.count == 1, case .argument(let parameter, let filter) = pieces[0] else { return nil }
    return (parameter, filter)
  }
}
