/// Reads macro libraries: a mapping of `doc` and `macros`, see `spec/5-libraries.md`.
struct MacroFile {
  let file: SourceFile

  /// Gives all macros of the library, in order. Everything in it is checked.
  static func definitions(of file: SourceFile) throws(CompileError) -> [MacroDefinition] {
    let reader = MacroFile(file: file)
    if file.text.starts(with: [0xEF, 0xBB, 0xBF]) { throw reader.error(.byteOrderMark, at: 0..<3) }
    guard let root = try YAMLDocument.read(0..<file.text.count, of: file) else { return [] }
    var definitions: [MacroDefinition] = []
    for entry in try reader.entries(of: root, keys: ["doc", "macros"]) {
      if entry.key.text.elementsEqual("doc".utf8) {
        _ = try reader.text(entry.value)
      } else {
        for macro in try reader.mapping(entry.value) { definitions.append(try reader.definition(macro)) }
      }
    }
    return definitions
  }

  /// `region`: the lines of one macro.
  static func definition(in region: SourceSpan, of file: SourceFile) throws(CompileError) -> MacroDefinition {
    let reader = MacroFile(file: file)
    guard let root = try YAMLDocument.read(region, of: file), let entry = try reader.mapping(root).first
    else {
      throw reader.error(.yaml(.expectedMapping), at: region)
    }
    return try reader.definition(entry)
  }

  // MARK: - Macros

  private func definition(_ macro: YAMLEntry) throws(CompileError) -> MacroDefinition {
    try checkName(macro.key)
    let keys = ["doc", "params", "when", "body", "sh", "examples"]
    let fields = try fields(of: macro.value, keys: keys)
    let signature = try fields["params"].map(signature) ?? Signature([])
    return MacroDefinition(
      name: macro.key.text,
      documentation: try fields["doc"].map(text)?.text ?? [],
      signature: signature,
      body: try MacroBodyReader(reader: self, signature: signature).block(fields, at: macro.key.span),
      examples: try fields["examples"].map(examples) ?? [],
      file: file,
      span: macro.key.span)
  }

  private func checkName(_ key: YAMLScalar) throws(CompileError) {
    let isName = !key.text.isEmpty && key.text.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    let isTaken = [UInt8(ascii: "#"), UInt8(ascii: "\\"), UInt8(ascii: "-"), UInt8(ascii: "<")]
    guard isName, let first = key.text.first, !isTaken.contains(first) else {
      throw error(.library(.badMacroName(key.text)), at: key.span)
    }
  }

  private func signature(_ node: YAMLNode) throws(CompileError) -> Signature {
    var parameters: [Parameter] = []
    for item in try sequence(node) {
      let specification = try text(item)
      guard let parameter = Parameter(specification: specification.text) else {
        throw error(.library(.badParameter(specification.text)), at: item.span)
      }
      if parameters.contains(where: { $0.name == parameter.name }) {
        throw error(.library(.duplicateParameter(parameter.name)), at: item.span)
      }
      if let last = parameters.last,
        last.arity == .rest || last.arity != .required && parameter.arity == .required
      {
        throw error(.library(.parameterOrder), at: item.span)
      }
      parameters.append(parameter)
    }
    return Signature(parameters)
  }

  private func examples(_ node: YAMLNode) throws(CompileError) -> [MacroExample] {
    var examples: [MacroExample] = []
    for item in try sequence(node) {
      let fields = try fields(of: item, keys: ["call", "script"])
      guard let call = fields["call"], let script = fields["script"] else {
        throw error(.library(.incompleteExample), at: item.span)
      }
      let lines = try scalars(call).flatMap { scalar in scalar.lines.map { Array(scalar.text[$0]) } }
      examples.append(MacroExample(call: lines, script: try text(script).text, span: item.span))
    }
    return examples
  }

  // MARK: - Shapes

  func error(_ kind: CompileErrorKind, at span: SourceSpan) -> CompileError {
    CompileError(kind, Origin(file: file, span: span, expansion: nil))
  }

  func text(_ node: YAMLNode) throws(CompileError) -> YAMLScalar {
    guard case .scalar(let scalar) = node.content else { throw error(.yaml(.expectedText), at: node.span) }
    return scalar
  }

  func sequence(_ node: YAMLNode) throws(CompileError) -> [YAMLNode] {
    guard case .sequence(let items) = node.content else { throw error(.yaml(.expectedList), at: node.span) }
    return items
  }

  /// One text, or a list of them.
  func scalars(_ node: YAMLNode) throws(CompileError) -> [YAMLScalar] {
    if case .scalar(let scalar) = node.content { return [scalar] }
    var scalars: [YAMLScalar] = []
    for item in try sequence(node) { scalars.append(try text(item)) }
    return scalars
  }

  private func mapping(_ node: YAMLNode) throws(CompileError) -> [YAMLEntry] {
    guard case .mapping(let entries) = node.content else {
      throw error(.yaml(.expectedMapping), at: node.span)
    }
    return entries
  }

  private func entries(of node: YAMLNode, keys: [String]) throws(CompileError) -> [YAMLEntry] {
    let entries = try mapping(node)
    for entry in entries where !keys.contains(where: { entry.key.text.elementsEqual($0.utf8) }) {
      throw error(.yaml(.unknownKey(entry.key.text, known: keys)), at: entry.key.span)
    }
    return entries
  }

  func fields(of node: YAMLNode, keys: [String]) throws(CompileError) -> [String: YAMLNode] {
    var fields: [String: YAMLNode] = [:]
    for entry in try entries(of: node, keys: keys) {
      fields[String(decoding: entry.key.text, as: UTF8.self)] = entry.value
    }
    return fields
  }
}
