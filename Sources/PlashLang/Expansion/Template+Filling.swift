extension Template {
  /// The values that the template stands for in a statement.
  /// `origin`: that of the template itself.
  func values(_ bindings: Expander.Bindings, _ origin: Origin) -> [Argument] {
    if let (parameter, filter) = soleArgument {
      let arguments = bindings[parameter]
      guard filter == .shebang, arguments.first?.text.starts(with: "#!".utf8) != true else {
        return Array(arguments)
      }
      return [Argument(text: Array("#!/bin/sh".utf8)[...], origin: origin)] + arguments
    }
    var text: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .argument(let parameter, _): for argument in bindings[parameter] { text += argument.text }
      }
    }
    return [Argument(text: text[...], origin: origin)]
  }

  /// The shell text that the template stands for. A hole without values takes the blank before it along.
  func shellText(_ bindings: Expander.Bindings) throws(CompileError) -> [UInt8] {
    var text: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .argument(let parameter, _) where bindings[parameter].isEmpty: Template.dropBlank(at: &text)
      case .argument(let parameter, nil): text += try Template.shellWords(bindings[parameter])
      case .argument(let parameter, _):
        text += bindings[parameter].map { Array($0.text) }.joined(separator: [UInt8(ascii: " ")])
      }
    }
    return text
  }

  private static func dropBlank(at text: inout [UInt8]) {
    let blank = UInt8(ascii: " ")
    if text.last == blank, text.dropLast().last != UInt8(ascii: "\\") { text.removeLast() }
  }

  /// The values as shell words, joined by a blank.
  /// Throws if a value would give the script a line that reads as a hint.
  static func shellWords(_ arguments: ArraySlice<Argument>) throws(CompileError) -> [UInt8] {
    var words: [UInt8] = []
    for argument in arguments {
      if !words.isEmpty { words.append(UInt8(ascii: " ")) }
      try Template.append(argument, to: &words)
    }
    return words
  }

  /// One value as a shell word.
  /// Throws as `shellWords`.
  static func append(_ argument: Argument, to script: inout [UInt8]) throws(CompileError) {
    let newline = UInt8(ascii: "\n")
    if argument.text.contains(newline),
      argument.text.split(separator: newline).dropFirst(argument.text.first == newline ? 0 : 1).contains(
        where: {
          $0.starts(with: Hint.prefix)
        })
    {
      throw CompileError(.hintInValue, argument.origin)
    }
    ShellQuoting.append(argument.text, to: &script)
  }
}
