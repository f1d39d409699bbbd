/// Writes a Plashfile in the one canonical layout.
struct Formatter {
  private let file: SourceFile
  private var result: [UInt8] = []
  private var line: [UInt8] = []
  private var isMacroLine = false
  private var isInBlock = false
  /// Newlines since the last thing on a line.
  private var newlines = 0

  /// The layout of spec/2-statements.md, 2.8: same statements, same comments.
  static func format(_ file: SourceFile) throws(CompileError) -> [UInt8] {
    _ = try Parser.parse(file, in: nil)
    var formatter = Formatter(file: file)
    for token in Lexer.tokens(of: file) { formatter.take(token) }
    formatter.endLine()
    return formatter.result
  }

  private init(file: SourceFile) {
    self.file = file
  }

  private mutating func take(_ token: Token) {
    let text = file.text[token.span]
    switch token.kind {
    case .lineEnd: endLine()
    case .blank: break
    case .shebang, .comment: line = Array(Formatter.trimmed(text))
    case .longName, .shortNames, .blockStart:
      isInBlock = token.kind == .blockStart
      isMacroLine = true
      line = Array(text)
      // The macro `\`: `--\` alone, or with a blank behind it, would be an escape.
      if text.elementsEqual("--\\".utf8) { line.append(UInt8(ascii: "\t")) }
    case .value: takeValue(text)
    case .escapedValue: line = Formatter.unescaped(text)
    case .blockLine: line = Array(text)
    case .blockEnd:
      isInBlock = false
      line = Array(text)
    }
  }

  private mutating func takeValue(_ text: ArraySlice<UInt8>) {
    // A lone dash is a value and begins a line that is cut at its blanks.
    if text.elementsEqual("-".utf8), line.isEmpty { isMacroLine = true }
    if isMacroLine, let last = line.last, last != UInt8(ascii: "\t") { line.append(UInt8(ascii: " ")) }
    line += text
  }

  /// One empty line between others stays; in a block all do.
  private mutating func endLine() {
    defer {
      line = []
      isMacroLine = false
    }
    if line.isEmpty, !isInBlock {
      newlines += 1
      return
    }
    if newlines > 0, !result.isEmpty { result.append(UInt8(ascii: "\n")) }
    newlines = 0
    result += line
    result.append(UInt8(ascii: "\n"))
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let last = text.lastIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else { return [] }
    return text[...last]
  }

  /// Without the escape where the line would be the same value without it.
  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let value = text.dropFirst(4)
    guard let first = value.first else { return Array("--\\".utf8) }
    return Array(first == UInt8(ascii: "-") ? text : value)
  }
}
