/// Reads the body of a macro: statements under `body`, shell text under `sh`.
struct MacroBodyReader {
  let reader: MacroFile
  let signature: Signature

  /// `fields`: with `body` or `sh`, and perhaps `when`.
  /// `span`: where to say that there is neither.
  func block(_ fields: [String: YAMLNode], at span: SourceSpan) throws(CompileError) -> MacroBlock {
    let condition = try fields["when"].map(condition)
    switch (fields["body"], fields["sh"]) {
    case (let body?, nil): return MacroBlock(condition: condition, steps: try statements(body))
    case (nil, let shell?): return MacroBlock(condition: condition, steps: try self.shell(shell))
    case (nil, nil): throw reader.error(.library(.noBody), at: span)
    case (_?, let shell?): throw reader.error(.library(.twoBodies), at: shell.span)
    }
  }

  private func condition(_ node: YAMLNode) throws(CompileError) -> Int {
    let name = try reader.text(node).text
    guard let index = signature.index(of: name[...]) else {
      throw reader.error(
        .library(.unknownParameter(name, known: signature.parameters.map(\.name))), at: node.span)
    }
    return index
  }

  // MARK: - Shell text

  private func shell(_ node: YAMLNode) throws(CompileError) -> [MacroBlock.Step] {
    var steps: [MacroBlock.Step] = []
    for scalar in try reader.scalars(node) {
      var quoting = ShellScanner()
      for line in scalar.lines {
        let span = scalar.sourceSpan(of: line)
        if scalar.text[line].starts(with: Hint.prefix) {
          throw reader.error(.library(.hintInShellText), at: span)
        }
        let pieces = try TemplateParser.parseShell(
          scalar.text[line], signature, after: &quoting, fail: failure(in: scalar))
        steps.append(.shell(Template(pieces: pieces, span: span)))
      }
    }
    return steps
  }

  private func failure(in scalar: YAMLScalar) -> (CompileErrorKind, Range<Int>) -> CompileError {
    { kind, piece in reader.error(kind, at: scalar.sourceSpan(of: piece)) }
  }

  // MARK: - Statements

  private func statements(_ node: YAMLNode) throws(CompileError) -> [MacroBlock.Step] {
    guard case .sequence(let items) = node.content else { return try calls([try reader.text(node)]) }
    var steps: [MacroBlock.Step] = []
    var lines: [YAMLScalar] = []
    for item in items {
      switch item.content {
      case .scalar(let scalar): lines.append(scalar)
      case .mapping:
        steps += try calls(lines)
        lines = []
        steps.append(
          .block(try block(try reader.fields(of: item, keys: ["when", "body", "sh"]), at: item.span)))
      case .sequence: throw reader.error(.yaml(.expectedText), at: item.span)
      }
    }
    return steps + (try calls(lines))
  }

  private func calls(_ scalars: [YAMLScalar]) throws(CompileError) -> [MacroBlock.Step] {
    let text = StatementText(scalars, in: reader.file)
    let plashfile: Plashfile
    do throws(CompileError) {
      plashfile = try Parser.parse(text.lines, in: nil)
    } catch {
      throw reader.error(error.kind, at: text.sourceSpan(of: error.origin.span))
    }
    var steps: [MacroBlock.Step] = []
    for statement in plashfile.statements { steps.append(try call(statement, of: plashfile, text)) }
    return steps
  }

  private func call(
    _ statement: Statement, of plashfile: Plashfile, _ text: StatementText
  ) throws(CompileError) -> MacroBlock.Step {
    var values: [Template] = []
    for value in plashfile.values[statement.values] {
      let pieces = try TemplateParser.parseValue(text.lines.text[value], signature) { kind, piece in
        reader.error(kind, at: text.sourceSpan(of: piece))
      }
      values.append(Template(pieces: pieces, span: text.sourceSpan(of: value)))
    }
    return .call(
      name: Array(text.lines.text[statement.name]), span: text.sourceSpan(of: statement.span), values: values)
  }
}
