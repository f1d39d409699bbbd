/// A macro that `--defpm` made: lines in which `{}` stands for the values.
final class PackageMacro: Sendable {
  let lines: [Argument]

  init(lines: [Argument]) {
    self.lines = lines
  }

  /// One line with the quoted values in place of `{}` and `{0}`. `{{` and `}}` stand for single braces, and so does every
  /// brace that belongs to none of these.
  static func fill(_ line: ArraySlice<UInt8>, with values: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = line
    while let byte = rest.first {
      if rest.starts(with: "{}".utf8) || rest.starts(with: "{0}".utf8) {
        result += values
        rest = rest.dropFirst(rest.starts(with: "{}".utf8) ? 2 : 3)
      } else {
        result.append(byte)
        rest = rest.dropFirst(rest.starts(with: "{{".utf8) || rest.starts(with: "}}".utf8) ? 2 : 1)
      }
    }
    return result
  }
}
