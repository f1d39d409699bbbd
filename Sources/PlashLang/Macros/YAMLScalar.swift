/// A text of a YAML file, and where each byte of it stands there.
struct YAMLScalar: Sendable {
  let text: [UInt8]
  /// Written as a block after `|`.
  let isLiteral: Bool
  /// With its quotes; of a block with its `|`.
  let span: SourceSpan

  /// The lines of a block, or the whole as one.
  var lines: [Range<Int>] {
    guard isLiteral else { return [0..<text.count] }
    var lines: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      lines.append(start..<end)
      start = end + 1
    }
    return lines
  }

  /// Where a piece of `text` stands in `file`: exact for blocks and for what is written without escapes on one line,
  /// else the scalar as a whole.
  func sourceSpan(of piece: Range<Int>, in file: [UInt8]) -> SourceSpan {
    if isLiteral { return sourceSpanInBlock(of: piece, in: file) }
    let quote = file[span].first == UInt8(ascii: "'") || file[span].first == UInt8(ascii: "\"") ? 1 : 0
    let start = span.lowerBound + quote
    guard start + text.count + quote == span.upperBound, file[start..<start + text.count] == text[...] else {
      return span
    }
    return start + piece.lowerBound..<start + piece.upperBound
  }

  /// Line n of the text is line n + 1 of the block, less its indentation.
  private func sourceSpanInBlock(of piece: Range<Int>, in file: [UInt8]) -> SourceSpan {
    let newline = UInt8(ascii: "\n")
    var start = nextLine(after: span.lowerBound, in: file)
    var lineStart = 0
    for index in 0..<piece.lowerBound where text[index] == newline {
      start = nextLine(after: start, in: file)
      lineStart = index + 1
    }
    let lineEnd = text[lineStart...].firstIndex(of: newline) ?? text.count
    let indentation = nextLine(after: start, in: file) - start - 1 - (lineEnd - lineStart)
    let shift = start + max(0, indentation) - lineStart
    let end = min(piece.upperBound + shift, file.count)
    return min(piece.lowerBound + shift, end)..<end
  }

  private func nextLine(after offset: Int, in file: [UInt8]) -> Int {
    (file[min(offset, file.count)...].firstIndex(of: UInt8(ascii: "\n")) ?? file.count) + 1
  }
}
