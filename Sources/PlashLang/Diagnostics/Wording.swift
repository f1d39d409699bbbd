/// An error in words: what is wrong, what the caret says, what to do.
struct Wording {
  let message: String
  let label: String
  let help: [String]

  private init(_ message: String, label: String = "", help: String...) {
    self.message = message
    self.label = label
    self.help = help.filter { !$0.isEmpty }
  }

  init(_ kind: CompileErrorKind) {
    switch kind {
    case .nulByte: self.init("a NUL byte", label: "no argument and no file name can hold one")
    case .byteOrderMark:
      self.init("the text begins with a byte order mark", label: "save it as UTF-8 without one")
    case .valueBeforeMacro:
      self.init(
        "a value before any macro", label: "expected a macro, as `--run`",
        help: "a comment is a line that begins with `--#`")
    case .emptyMacroName: self.init("a macro without a name", label: "expected a name after the dashes")
    case .blockWithoutWord:
      self.init("a block without an end word", label: "expected a word, as in `--<<END`")
    case .textAfterBlockWord(let word):
      self.init("text after `--<<\(show(word))`", label: "the block begins on the next line")
    case .unterminatedBlock(let word):
      self.init("the block does not end", label: "expected a line `\(show(word))` below")
    case .unknownMacro(let name, let known, let previous):
      self = Wording.unknownMacro(name, known, previous)
    case .misplacedOption(let name, let command):
      self.init("unknown macro `\(show(name))`", label: "options of `\(command)` come first")
    case .tooFewValues(let macro, let signature):
      self.init("too few values for `\(call(macro))`", label: "usage: \(usage(macro, signature))")
    case .tooManyValues(let macro, let signature):
      self.init("too many values for `\(call(macro))`", label: "usage: \(usage(macro, signature))")
    case .recursion(let macro):
      self.init("the macro `\(call(macro))` reaches itself", label: "called again here")
    case .tooDeep:
      self.init("more than \(Expander.maximumDepth) levels of macros", label: "does it reach itself?")
    case .hintInValue:
      self.init(
        "a line of this value would read as a hint", label: "holds a line that begins with `### plash hint: `"
      )
    case .newlineInHint: self.init("a newline in the value of a hint", label: "a hint is one line")
    case .badImageID(let id):
      self.init("`\(show(id))` is no image id", label: "expected a number; `--from-map` takes names")
    case .badVariableName(let name):
      self.init("`\(show(name))` is no name of a variable", label: "expected NAME or NAME:NEW")
    case .unknownSource(let name):
      let known = BaseReference.Source.allCases.map(\.rawValue)
      self.init("no such source of images: `\(show(name))`", label: Wording.suggestion(name, known))
    case .unterminatedQuote:
      self.init("a quote is not closed, or a backslash is the last character", label: "in this text")
    case .forbiddenInRemote(let macro):
      self.init(
        "`\(call(macro))` is not open to a Plashfile from elsewhere", label: "would read this host",
        help: "fetch the Plashfile, read it, and use `--eval-file`")
    case .host(let error): self = Wording.host(error)
    case .yaml(let kind): self = Wording.yaml(kind)
    case .library(let kind): self = Wording.library(kind)
    }
  }
}

extension Wording {
  private static func unknownMacro(_ name: [UInt8], _ known: [[UInt8]], _ previous: [UInt8]?) -> Wording {
    let message = "unknown macro `\(show(name))`"
    let word = name.prefix { $0 != UInt8(ascii: "=") }
    if word.count < name.count, known.contains(Array(word)) {
      let value = name[(word.count + 1)...]
      return Wording(
        message, label: "values follow after a blank: `\(call(Array(word))) \(show(Array(value)))`")
    }
    if let nearest = Suggestion.nearest(to: name, among: known) {
      return Wording(message, label: "did you mean `\(show(nearest))`?")
    }
    guard let previous else { return Wording(message, help: "`plash help-macros` lists all macros") }
    return Wording(
      message, label: "a line that begins with `-` calls a macro",
      help:
        "to give the line to `\(call(previous))` as it is, begin it with `--\\ `, or put the text between the lines"
        + " `--<<END` and `END`")
  }

  private static func host(_ error: HostError) -> Wording {
    switch error {
    case .notFound(let paths):
      Wording("no such file", label: "looked for \(paths.map(show).joined(separator: " and "))")
    case .unreadable(let path, let reason): Wording("cannot read \(show(path))", label: show(reason))
    case .unknownMapKey(let key):
      Wording(
        "no image is named `\(show(key))`",
        label: Expander.isNumber(key[...])
          ? "`--from \(show(key))` is the image of this number"
          : "`plash map \(show(key)) ID` gives the name to an image")
    case .importForbidden: Wording("the image is not here yet", label: "importing is switched off")
    case .unknownLibrary(let name, let known):
      Wording("no macro library `\(show(name))`", label: suggestion(name, known.map(show)))
    case .failed(let reason): Wording(show(reason, limit: 2000))
    }
  }

  private static func yaml(_ kind: YAMLErrorKind) -> Wording {
    switch kind {
    case .syntax(let problem):
      Wording(
        "invalid YAML: \(show(problem))", label: "here",
        help:
          "text with `: `, or one that begins with `{`, `[`, `*`, `&`, `!` or a quote, needs quotes or a block after `|`"
      )
    case .anchor: Wording("anchors and aliases are not part of a macro library", label: "write it out")
    case .tag:
      Wording("tags are not part of a macro library", label: "everything is text, a list or a mapping")
    case .keyIsNoText: Wording("a key has to be text", label: "expected a name")
    case .duplicateKey(let key): Wording("`\(show(key))` is here twice", label: "the second one")
    case .secondDocument: Wording("more than one YAML document", label: "the second one")
    case .tooDeep: Wording("more than \(YAMLDocument.maximumDepth) levels", label: "too deep")
    case .tooLarge: Wording("a macro library is at most \(YAMLDocument.maximumSize >> 20) MiB")
    case .expectedText: Wording("expected text", label: "this is none")
    case .expectedList: Wording("expected a list", label: "this is none")
    case .expectedMapping: Wording("expected `key: value` lines", label: "this is none")
    case .unknownKey(let key, let known):
      Wording("unknown key `\(show(key))`", label: suggestion(key, known))
    }
  }

  private static func library(_ kind: LibraryErrorKind) -> Wording {
    switch kind {
    case .badMacroName(let name):
      Wording(
        "`\(show(name))` cannot be the name of a macro",
        label: "no white space, and no `-`, `#`, `\\` or `<` in front")
    case .badParameter(let text):
      Wording(
        "`\(show(text))` is no parameter", label: "expected `name`, `name?`, `name=default` or `name...`")
    case .duplicateParameter(let name): Wording("two parameters `\(show(name))`", label: "the second one")
    case .parameterOrder:
      Wording(
        "parameters in this order cannot be told apart",
        label: "first the required, then the optional, one `...` last")
    case .noBody: Wording("a macro without a body", label: "expected `body` or `sh`")
    case .twoBodies:
      Wording("both `body` and `sh`", label: "one of them; shell text within `body` is an item `sh: ...`")
    case .incompleteExample: Wording("an example has a `call` and a `script`", label: "one is missing")
    case .hintInShellText: Wording("a hint within shell text", label: "use the macro `--hint` in a `body`")
    case .unknownParameter(let name, let known):
      Wording(
        "no parameter `\(show(name))`", label: suggestion(name, known.map(show)),
        help: "braces around a name that is no parameter are written twice: `{{\(show(name))}}`")
    case .unknownFilter(let name):
      Wording("no filter `\(show(name))` here", label: "`raw` is for shell text, `shebang` for values")
    case .holeInQuotes:
      Wording(
        "a parameter within quotes", label: "it brings its own quotes: close yours before it",
        help: "`\"$HOME/\"{name}` instead of `\"$HOME/{name}\"`; `{name:raw}` inserts the value as it is")
    case .restWithinText(let name):
      Wording("`{\(show(name))}` stands for any number of values", label: "it has to be a value by itself")
    }
  }

  private static func suggestion(_ name: [UInt8], _ known: [String]) -> String {
    if let nearest = Suggestion.nearest(to: name, among: known.map { Array($0.utf8) }) {
      return "did you mean `\(show(nearest))`?"
    }
    return known.isEmpty
      ? "there is none" : "there is " + known.sorted().map { "`\($0)`" }.joined(separator: ", ")
  }
}

/// As a macro is called: `-x` or `--run`.
private func call(_ macro: [UInt8]) -> String { (macro.count == 1 ? "-" : "--") + show(macro) }

private func usage(_ macro: [UInt8], _ signature: Signature) -> String {
  signature.parameters.isEmpty ? call(macro) : call(macro) + " " + show(signature.usage)
}

private func show(_ text: [UInt8]) -> String { show(text, limit: 200) }

private func show(_ text: [UInt8], limit: Int) -> String {
  let shown = PrintableText.escape(text.prefix(limit)) + (text.count > limit ? Array("...".utf8) : [])
  return String(decoding: shown, as: UTF8.self)
}
