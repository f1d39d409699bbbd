extension SourceFile {
  /// The line that holds a byte offset: a physical line of a file, all of a command line.
  func line(around offset: Int) -> SourceSpan {
    guard words == nil else { return 0..<text.count }
    let newline = UInt8(ascii: "\n")
    let offset = min(offset, text.count)
    let start = text[..<offset].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let end = text[offset...].firstIndex(of: newline) ?? text.count
    return start..<end
  }

  /// Gives line and column of a byte offset.
  func location(at offset: Int) -> SourceLocation {
    let line = line(around: offset)
    let lineNumber =
      words == nil ? text[..<line.lowerBound].reduce(into: 1) { if $1 == UInt8(ascii: "\n") { $0 += 1 } } : 1
    let before = text[line.lowerBound..<max(line.lowerBound, min(offset, text.count))]
    return SourceLocation(line: lineNumber, column: UnicodeScalars(of: before).count + 1)
  }
}
