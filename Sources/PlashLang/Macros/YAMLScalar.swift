/// A text of a YAML file, and where each byte of it stands there.
struct YAMLScalar: Sendable {
  let text: [UInt8]
  /// With its quotes; of a block with its `|`.
  let span: SourceSpan
  /// The lines of a block after `|`, or the whole as one.
  let lines: [Range<Int>]
  /// Where each of the lines begins in the file; nil where only the scalar as a whole is known: it has escapes, or is
  /// written on several lines.
  private let starts: [Int]?

  init(_ text: [UInt8], isLiteral: Bool, at span: SourceSpan, of file: [UInt8]) {
    self.text = text
    self.span = span
    if isLiteral {
      lines = YAMLScalar.lines(of: text)
      starts = YAMLScalar.starts(of: lines, inBlockAt: span.lowerBound, of: file)
    } else {
      lines = [0..<text.count]
      starts = YAMLScalar.start(of: text, at: span, of: file).map { [$0] }
    }
  }

  /// Where a piece of `text` stands in the file.
  func sourceSpan(of piece: Range<Int>) -> SourceSpan {
    guard let starts, let line = lines.lastIndex(startingBefore: piece.lowerBound) else { return span }
    let shift = starts[line] - lines[line].lowerBound
    return piece.lowerBound + shift..<max(piece.lowerBound, min(piece.upperBound, lines[line].upperBound)) + shift
  }

  private static func lines(of text: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      lines.append(start..<end)
      start = end + 1
    }
    return lines
  }

  /// Line n of the text is line n + 1 of the block, less its indentation.
  private static func starts(of lines: [Range<Int>], inBlockAt start: Int, of file: [UInt8]) -> [Int] {
    var end = lineEnd(after: start, of: file)
    return lines.map { line in
      let start = min(end + 1, file.count)
      end = lineEnd(after: start, of: file)
      return max(start, end - line.count)
    }
  }

  private static func lineEnd(after offset: Int, of file: [UInt8]) -> Int {
    file[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? file.count
  }

  private static func start(of text: [UInt8], at span: SourceSpan, of file: [UInt8]) -> Int? {
    let first = file[span].first
    let quote = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") ? 1 : 0
    let start = span.lowerBound + quote
    guard start + text.count + quote == span.upperBound, file[start..<start + text.count] == text[...] else {
      return nil
    }
    return start
  }
}

extension [Range<Int>] {
  /// The last range that begins at `offset` or before it; the ranges are in order.
  func lastIndex(startingBefore offset: Int) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].lowerBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }
}
