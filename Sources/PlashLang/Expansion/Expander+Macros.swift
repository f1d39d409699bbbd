extension Expander {
  /// What each parameter of a macro stands for in one call.
  typealias Bindings = [ArraySlice<Argument>]

  // MARK: - Macros of libraries

  mutating func expand(_ macro: MacroDefinition, _ call: Call) throws(CompileError) {
    try call.check(macro.signature)
    var outer = call.origin.expansion
    while let expansion = outer {
      if expansion.definition === macro { throw CompileError(.recursion(macro: macro.name), call.origin) }
      outer = expansion.call.expansion
    }
    let expansion = try enter(call, macro)
    try expand(macro.body, bind(call.arguments, macro, expansion), macro.file, expansion)
  }

  private func bind(_ arguments: [Argument], _ macro: MacroDefinition, _ expansion: Expansion) -> Bindings {
    macro.signature.parameters.enumerated().map { index, parameter in
      switch parameter.arity {
      case .rest: return arguments.dropFirst(index)
      case .optional(let value?) where index >= arguments.count:
        let origin = Origin(file: macro.file, span: macro.span, expansion: expansion)
        return [Argument(text: value[...], origin: origin)]
      case .required, .optional: return arguments.dropFirst(index).prefix(1)
      }
    }
  }

  private mutating func expand(
    _ block: MacroBlock, _ bindings: Bindings, _ file: SourceFile, _ expansion: Expansion
  ) throws(CompileError) {
    if let condition = block.condition, bindings[condition].isEmpty { return }
    for step in block.steps {
      switch step {
      case .call(let name, let span, let values):
        var arguments: [Argument] = []
        for value in values {
          arguments += value.values(bindings, Origin(file: file, span: value.span, expansion: expansion))
        }
        let origin = Origin(file: file, span: span, expansion: expansion)
        try perform(Call(name: name[...], arguments: arguments, origin: origin))
      case .shell(let template):
        try emit(
          shell: template.shellText(bindings)[...],
          Origin(file: file, span: template.span, expansion: expansion))
      case .block(let block): try expand(block, bindings, file, expansion)
      }
    }
  }

  // MARK: - Macros made by --defpm

  mutating func expand(_ packages: PackageMacro, _ call: Call) throws(CompileError) {
    if call.arguments.isEmpty { return }
    let values = try Template.shellWords(call.arguments[...])
    let expansion = try enter(call)
    if packages.lines.isEmpty { emit(line: [], call.origin) }
    for line in packages.lines {
      let origin = Origin(file: line.origin.file, span: line.origin.span, expansion: expansion)
      emit(script: PackageMacro.fill(line.text, with: values)[...], origin)
    }
  }
}
