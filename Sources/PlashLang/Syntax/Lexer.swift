/// Cuts a Plashfile into tokens. It never fails, and loses nothing.
struct Lexer {
  private let file: SourceFile
  private let text: [UInt8]
  private var tokens: [Token] = []
  /// The word that ends the block we are in.
  private var blockWord: ArraySlice<UInt8>?

  /// Gives tokens that follow each other without a gap, from the first byte to the last.
  static func tokens(of file: SourceFile) -> [Token] {
    var lexer = Lexer(file)
    lexer.run()
    return lexer.tokens
  }

  private init(_ file: SourceFile) {
    self.file = file
    text = file.text
  }

  private mutating func run() {
    var previousEnd = 0
    file.forEachLine { line in
      append(.lineEnd, previousEnd..<line.lowerBound)
      lex(line)
      previousEnd = line.upperBound
    }
    append(.lineEnd, previousEnd..<text.count)
  }

  private mutating func append(_ kind: Token.Kind, _ span: SourceSpan) {
    if !span.isEmpty { tokens.append(Token(kind: kind, span: span)) }
  }

  private mutating func lex(_ line: SourceSpan) {
    if let word = blockWord {
      lexBlockLine(line, until: word)
    } else if line.isEmpty {
      return
    } else if tokens.isEmpty, line.lowerBound == 0, starts(line, with: "#!/") {
      append(.shebang, line)
    } else if text[line.lowerBound] != UInt8(ascii: "-") {
      append(.value, line)
    } else if starts(line, with: "--#") {
      append(.comment, line)
    } else if starts(line, with: "--\\ ") || text[line].elementsEqual("--\\".utf8) {
      append(.escapedValue, line)
    } else {
      lexMacroLine(line)
    }
  }

  private mutating func lexBlockLine(_ line: SourceSpan, until word: ArraySlice<UInt8>) {
    if text[line] == word {
      blockWord = nil
      append(.blockEnd, line)
    } else {
      tokens.append(Token(kind: .blockLine, span: line))
    }
  }

  private mutating func lexMacroLine(_ line: SourceSpan) {
    var position = line.lowerBound
    var isFirst = true
    while position < line.upperBound {
      let start = position
      while position < line.upperBound, case let length = blank(at: position, in: line), length > 0 {
        position += length
      }
      append(.blank, start..<position)
      let wordStart = position
      while position < line.upperBound, blank(at: position, in: line) == 0 { position += 1 }
      guard wordStart < position else { continue }
      append(isFirst ? firstKind(of: wordStart..<position) : .value, wordStart..<position)
      isFirst = false
    }
  }

  private func blank(at position: Int, in line: SourceSpan) -> Int {
    WhiteSpace.length(in: text, at: position, before: line.upperBound)
  }

  private mutating func firstKind(of word: SourceSpan) -> Token.Kind {
    if word.count == 1 { return .value }
    if text[word.lowerBound + 1] != UInt8(ascii: "-") { return .shortNames }
    guard starts(word, with: "--<<") else { return .longName }
    if word.count > 4 { blockWord = text[(word.lowerBound + 4)..<word.upperBound] }
    return .blockStart
  }

  private func starts(_ span: SourceSpan, with prefix: StaticString) -> Bool {
    span.count >= prefix.utf8CodeUnitCount
      && prefix.withUTF8Buffer { text[span].prefix($0.count).elementsEqual($0) }
  }
}
