/// Puts tokens together to statements.
struct Parser {
  private let file: SourceFile
  private let expansion: Expansion?
  private var statements: [Statement] = []
  private var values: [SourceSpan] = []
  /// The macro whose values we are reading.
  private var open: (name: SourceSpan, span: SourceSpan, firstValue: Int)?
  private var openBlock: Token?

  /// `file`: what to parse.
  /// `expansion`: what led to this text; it becomes part of errors.
  static func parse(_ file: SourceFile, in expansion: Expansion?) throws(CompileError) -> Plashfile {
    var parser = Parser(file, expansion)
    try parser.checkBytes()
    for token in Lexer.tokens(of: file) { try parser.take(token) }
    try parser.finish()
    return Plashfile(file: file, statements: parser.statements, values: parser.values)
  }

  private init(_ file: SourceFile, _ expansion: Expansion?) {
    self.file = file
    self.expansion = expansion
  }

  private func error(_ kind: CompileErrorKind, at span: SourceSpan) -> CompileError {
    CompileError(kind, Origin(file: file, span: span, expansion: expansion))
  }

  private func checkBytes() throws(CompileError) {
    if file.text.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.byteOrderMark, at: 0..<3) }
    if let index = file.text.firstIndex(of: 0) { throw error(.nulByte, at: index..<index + 1) }
  }

  private mutating func take(_ token: Token) throws(CompileError) {
    switch token.kind {
    case .shebang, .comment, .blank, .lineEnd: break
    case .longName: try openMacro(token.span)
    case .shortNames: openLetters(token.span)
    case .value, .blockLine: try addValue(token.span, of: token)
    case .escapedValue: try addValue(escaped(token.span), of: token)
    case .blockStart: try startBlock(token)
    case .blockEnd: openBlock = nil
    }
  }

  private mutating func openMacro(_ span: SourceSpan) throws(CompileError) {
    let name = (span.lowerBound + 2)..<span.upperBound
    if name.isEmpty { throw error(.emptyMacroName, at: span) }
    closeMacro()
    open = (name, span, values.count)
  }

  private mutating func openLetters(_ span: SourceSpan) {
    var start = span.lowerBound + 1
    for character in UnicodeScalars(of: file.text[start..<span.upperBound]) {
      closeMacro()
      let letter = start..<start + character.bytes.count
      open = (letter, span.count == 1 + letter.count ? span : letter, values.count)
      start = letter.upperBound
    }
  }

  private mutating func closeMacro() {
    guard let open else { return }
    statements.append(Statement(name: open.name, span: open.span, values: open.firstValue..<values.count))
  }

  private mutating func addValue(_ value: SourceSpan, of token: Token) throws(CompileError) {
    if let openBlock, token.kind == .value {
      throw error(.textAfterBlockWord(word: blockWord(openBlock)), at: token.span)
    }
    if open == nil { throw error(.valueBeforeMacro, at: token.span) }
    values.append(value)
  }

  /// The value begins behind `--\ `, or is the nothing behind `--\`.
  private func escaped(_ span: SourceSpan) -> SourceSpan {
    min(span.lowerBound + 4, span.upperBound)..<span.upperBound
  }

  private mutating func startBlock(_ token: Token) throws(CompileError) {
    if token.span.count == 4 { throw error(.blockWithoutWord, at: token.span) }
    if open == nil { throw error(.valueBeforeMacro, at: token.span) }
    openBlock = token
  }

  private func blockWord(_ token: Token) -> [UInt8] {
    Array(file.text[(token.span.lowerBound + 4)..<token.span.upperBound])
  }

  private mutating func finish() throws(CompileError) {
    if let openBlock {
      throw error(.unterminatedBlock(word: blockWord(openBlock)), at: openBlock.span)
    }
    closeMacro()
  }
}
