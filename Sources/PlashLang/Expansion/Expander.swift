/// Turns statements into instructions.
///
/// A macro call yields text, or nothing. The texts are joined by newlines; an empty text counts, nothing does not.
struct Expander {
  static let maximumDepth = 64

  let host: any Host
  var macros: MacroTable
  private(set) var instructions: [Instruction] = []

  init(host: any Host, macros: MacroTable) {
    self.host = host
    self.macros = macros
  }

  /// Evaluates a Plashfile in place.
  /// `expansion`: the macro that asks for it.
  mutating func expand(_ file: SourceFile, in expansion: Expansion?) throws(CompileError) {
    let plashfile = try Parser.parse(file, in: expansion)
    var previous: Statement?
    var latest: Statement?
    for statement in plashfile.statements {
      if statement.span.lowerBound != latest?.span.upperBound { previous = latest }
      latest = statement
      try perform(
        Call(
          name: file.text[statement.name],
          arguments: plashfile.values[statement.values].map { span in
            Argument(text: file.text[span], origin: Origin(file: file, span: span, expansion: expansion))
          },
          origin: Origin(file: file, span: statement.span, expansion: expansion),
          previous: previous.map { file.text[$0.name] }))
    }
  }

  mutating func perform(_ call: Call) throws(CompileError) {
    switch try macros[call.name] {
    case .primitive(let primitive)?:
      try call.check(primitive.signature)
      try perform(primitive, call)
    case .definition(let definition)?: try expand(definition, call)
    case .packages(let packages)?: try expand(packages, call)
    case .unread?: preconditionFailure("a macro that is looked up has been read")
    case nil: throw try unknown(call)
    }
  }

  private mutating func unknown(_ call: Call) throws(CompileError) -> CompileError {
    let isOnCommandLine = call.origin.file.words != nil && call.origin.expansion == nil
    if isOnCommandLine, let command = Self.command(withOption: call.name) {
      return CompileError(.misplacedOption(Array(call.name), of: command), call.origin)
    }
    var previous: [UInt8]?
    if let name = call.previous, try takesAnyNumber(name) { previous = Array(name) }
    return CompileError(.unknownMacro(Array(call.name), known: macros.names, previous: previous), call.origin)
  }

  /// Of the options that look like macros.
  private static func command(withOption name: ArraySlice<UInt8>) -> String? {
    switch String(decoding: name, as: UTF8.self) {
    case "persist", "map": "plash run"
    case "annotate", "no-import": "plash eval"
    case "refresh": "plash"
    default: nil
    }
  }

  private mutating func takesAnyNumber(_ macro: ArraySlice<UInt8>) throws(CompileError) -> Bool {
    switch try macros[macro] {
    case .primitive(let primitive)?: primitive.signature.maximum == nil
    case .definition(let definition)?: definition.signature.maximum == nil
    case .packages?: true
    case .unread?, nil: false
    }
  }

  /// A level deeper: the chain that the origins of what comes next share.
  func enter(_ call: Call, _ definition: MacroDefinition? = nil) throws(CompileError) -> Expansion {
    let expansion = Expansion(of: Array(call.name), definition, call: call.origin)
    if expansion.depth > Expander.maximumDepth { throw CompileError(.tooDeep, call.origin) }
    return expansion
  }

  // MARK: - Output

  /// Adds a text that holds no newline and is no hint.
  mutating func emit(line: [UInt8], _ origin: Origin) {
    instructions.append(Instruction(content: .shell(line), origin: origin))
  }

  mutating func emit(_ hint: Hint, _ origin: Origin) {
    instructions.append(Instruction(content: .hint(hint), origin: origin))
  }

  /// Adds shell text, line by line.
  /// Throws if a line reads as a hint.
  mutating func emit(shell text: ArraySlice<UInt8>, _ origin: Origin) throws(CompileError) {
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.starts(with: Hint.prefix) { throw CompileError(.hintInValue, origin) }
      emit(line: Array(line), origin)
    }
  }

  /// Adds a script of the user: lines that read as hints are hints.
  mutating func emit(script: ArraySlice<UInt8>, _ origin: Origin) {
    for line in script.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if let hint = Hint(line: line) { emit(hint, origin) } else { emit(line: Array(line), origin) }
    }
  }

  /// What a Plashfile within a Plashfile yields is text in any case.
  /// `keepsNewline`: the newline at its end is part of the text.
  mutating func evaluate(_ file: SourceFile, _ call: Call, keepsNewline: Bool) throws(CompileError) {
    let start = instructions.count
    try expand(file, in: try enter(call))
    let isEmpty = instructions[start...].allSatisfy { $0.text.isEmpty } && instructions.count - start <= 1
    let endsInNewline = instructions.count - start > 1 && instructions.last?.text.isEmpty == true
    if isEmpty {
      instructions.removeSubrange(start...)
      emit(line: [], call.origin)
    } else if keepsNewline, !endsInNewline {
      emit(line: [], call.origin)
    } else if !keepsNewline, endsInNewline {
      instructions.removeLast()
    }
  }
}
