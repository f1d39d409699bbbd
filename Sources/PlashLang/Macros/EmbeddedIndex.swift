/// Finds the macros of an embedded library without reading them, because a start uses few of them.
///
/// Our own libraries are written so that this works, and a test reads them whole: below the line `macros:` every macro
/// begins with its bare name, indented by two blanks.
enum EmbeddedIndex {
  /// Gives the names and where their lines are.
  static func regions(of library: SourceFile) -> [(name: [UInt8], region: SourceSpan)] {
    var found: [(name: [UInt8], start: Int)] = []
    var isWithinMacros = false
    library.text.withUnsafeBufferPointer { text in
      forEachLine(of: text) { line in
        if isWithinMacros {
          if let name = name(in: text[line]) { found.append((name, line.lowerBound)) }
        } else {
          isWithinMacros = text[line].elementsEqual("macros:".utf8)
        }
      }
    }
    let ends = found.dropFirst().map(\.start) + [library.text.count]
    return zip(found, ends).map { ($0.name, $0.start..<$1) }
  }

  private static func forEachLine(of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      body(start..<end)
      start = end + 1
    }
  }

  private static func name(in line: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
    let blank = UInt8(ascii: " ")
    guard line.count > 3, line.starts(with: [blank, blank]) else { return nil }
    let content = line.dropFirst(2)
    guard let first = content.first, first != blank, first != UInt8(ascii: "#") else { return nil }
    return Array(content.prefix { $0 != UInt8(ascii: ":") })
  }
}
