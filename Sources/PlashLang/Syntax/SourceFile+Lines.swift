extension SourceFile {
  /// Calls `body` with each line of a file, without its newline, or each word of a command line.
  func forEachLine(_ body: (SourceSpan) -> Void) {
    if let words {
      words.forEach(body)
      return
    }
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      body(start..<end)
      start = end + 1
    }
  }
}
