/// Finds the holes of a template: `{name}` or `{name:filter}`. `${name}` is the shell's; `{{name}}` stands for `{name}`;
/// every other brace is a brace.
struct TemplateParser {
  enum Context {
    /// A value of a statement: holes are filled with values as they are.
    case value
    /// Shell text: holes are filled with quoted words.
    case shell
  }

  private let text: ArraySlice<UInt8>
  private let signature: Signature
  private let context: Context
  private let fail: (CompileErrorKind, Range<Int>) -> CompileError
  private var pieces: [Template.Piece] = []
  private var literal: [UInt8] = []
  private var quoting = ShellScanner()

  /// `fail`: makes an error at a piece of the text.
  private init(
    _ text: ArraySlice<UInt8>, _ signature: Signature, _ context: Context,
    fail: @escaping (CompileErrorKind, Range<Int>) -> CompileError
  ) {
    self.text = text
    self.signature = signature
    self.context = context
    self.fail = fail
  }

  /// The pieces of a value; none if it is empty.
  static func parseValue(
    _ text: ArraySlice<UInt8>, _ signature: Signature,
    fail: @escaping (CompileErrorKind, Range<Int>) -> CompileError
  ) throws(CompileError) -> [Template.Piece] {
    var parser = TemplateParser(text, signature, .value, fail: fail)
    return try parser.run()
  }

  /// The pieces of a line of shell text.
  /// `quoting`: what the lines before have opened and not closed; the line is added to it.
  static func parseShell(
    _ text: ArraySlice<UInt8>, _ signature: Signature, after quoting: inout ShellScanner,
    fail: @escaping (CompileErrorKind, Range<Int>) -> CompileError
  ) throws(CompileError) -> [Template.Piece] {
    var parser = TemplateParser(text, signature, .shell, fail: fail)
    parser.quoting = quoting
    let pieces = try parser.run()
    quoting = parser.quoting
    quoting.take(UInt8(ascii: "\n"))
    return pieces
  }

  private mutating func run() throws(CompileError) -> [Template.Piece] {
    var index = text.startIndex
    while index < text.endIndex {
      guard let hole = hole(at: index) else {
        keep(index..<index + 1)
        index += 1
        continue
      }
      if hole.isEscaped {
        keep(index + 1..<hole.end - 1)
      } else {
        try fill(hole.content, at: index..<hole.end)
      }
      index = hole.end
    }
    endLiteral()
    try checkRest()
    return pieces
  }

  private mutating func keep(_ range: Range<Int>) {
    literal += text[range]
    for byte in text[range] { quoting.take(byte) }
  }

  private mutating func endLiteral() {
    if !literal.isEmpty { pieces.append(.text(literal)) }
    literal = []
  }

  /// Gives what is between the braces that begin at `index`, and where they end; nil if that is no hole.
  private func hole(at index: Int) -> (content: Range<Int>, end: Int, isEscaped: Bool)? {
    guard text[index] == UInt8(ascii: "{") else { return nil }
    if index > text.startIndex, text[index - 1] == UInt8(ascii: "$") { return nil }
    let isEscaped = index + 1 < text.endIndex && text[index + 1] == UInt8(ascii: "{")
    let start = isEscaped ? index + 2 : index + 1
    let content = text[start...].prefix { Parameter.isNameByte($0) || $0 == UInt8(ascii: ":") }
    guard let first = content.first, first != UInt8(ascii: ":"), !(0x30...0x39).contains(first) else {
      return nil
    }
    let closing = isEscaped ? "}}" : "}"
    guard text[content.endIndex...].starts(with: closing.utf8) else { return nil }
    return (content.startIndex..<content.endIndex, content.endIndex + closing.utf8.count, isEscaped)
  }

  private mutating func fill(_ content: Range<Int>, at hole: Range<Int>) throws(CompileError) {
    let name = text[content].prefix { $0 != UInt8(ascii: ":") }
    guard let parameter = signature.index(of: name) else {
      throw fail(.library(.unknownParameter(Array(name), known: signature.parameters.map(\.name))), hole)
    }
    let filter = try filter(text[name.endIndex..<content.upperBound].dropFirst(), at: hole)
    if context == .shell, filter == nil, quoting.isInQuotes { throw fail(.library(.holeInQuotes), hole) }
    endLiteral()
    pieces.append(.argument(parameter: parameter, filter: filter))
    quoting.take(UInt8(ascii: "x"))
  }

  private func filter(_ name: ArraySlice<UInt8>, at hole: Range<Int>) throws(CompileError) -> Template.Filter? {
    if name.isEmpty { return nil }
    let filter: Template.Filter? = Template.Filter.allCases.first { name.elementsEqual($0.rawValue.utf8) }
    switch (filter, context) {
    case (.raw?, .shell), (.shebang?, .value): return filter
    case (.raw?, .value), (.shebang?, .shell), (nil, _):
      throw fail(.library(.unknownFilter(Array(name))), hole)
    }
  }

  /// Many values cannot be part of one.
  private func checkRest() throws(CompileError) {
    guard context == .value, pieces.count > 1 else { return }
    for case .argument(let parameter, let filter) in pieces
    where signature.parameters[parameter].arity == .rest || filter == .shebang {
      throw fail(
        .library(.restWithinText(signature.parameters[parameter].name)), text.startIndex..<text.endIndex)
    }
  }
}
