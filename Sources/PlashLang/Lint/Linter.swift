/// Finds what is allowed and probably not meant. It reads one text, and expands nothing.
struct Linter {
  private let file: SourceFile
  let plashfile: Plashfile
  private(set) var findings: [LintFinding] = []

  /// All findings in the order of the text.
  static func findings(in file: SourceFile) throws(CompileError) -> [LintFinding] {
    var linter = Linter(file, try Parser.parse(file, in: nil))
    linter.checkLines()
    linter.checkStatements()
    return linter.findings.sorted { $0.origin.span.lowerBound < $1.origin.span.lowerBound }
  }

  private init(_ file: SourceFile, _ plashfile: Plashfile) {
    self.file = file
    self.plashfile = plashfile
  }

  mutating func report(_ rule: LintRule, at span: SourceSpan, _ message: String) {
    let origin = Origin(file: file, span: span, expansion: nil)
    findings.append(LintFinding(rule: rule, origin: origin, message: message))
  }

  func text(_ span: SourceSpan) -> String { String(decoding: file.text[span], as: UTF8.self) }

  // MARK: - Lines

  /// What the tokens show: quotes, empty lines, dashes.
  private mutating func checkLines() {
    var isMacroLine = false
    var newlines = 0
    var previousLine: Token?
    for token in Lexer.tokens(of: file) {
      switch token.kind {
      case .lineEnd:
        newlines += file.words == nil ? 1 : 0
        isMacroLine = false
        continue
      case .shortNames: checkDash(token, after: previousLine)
      case .value where isMacroLine: checkQuotes(token.span)
      case .value, .escapedValue:
        if newlines > 1, previousLine != nil { checkBlank(before: token.span) }
      case .longName, .blockStart, .shebang, .comment, .blockLine, .blockEnd, .blank: break
      }
      newlines = 0
      let isName = token.kind == .longName || token.kind == .shortNames
      isMacroLine = isName || isMacroLine
      if isName { previousLine = nil } else if token.kind == .value, !isMacroLine { previousLine = token }
    }
  }

  private mutating func checkQuotes(_ word: SourceSpan) {
    let quotes = file.text[word].count { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }
    guard quotes % 2 == 1 else { return }
    report(
      .splitQuotes, at: word, "quotes on a macro line group nothing: put the text on a line of its own below the macro")
  }

  private mutating func checkBlank(before value: SourceSpan) {
    report(
      .lostBlankLine, at: value,
      "the empty line above is not part of the text: write `--\\`, or a block after `--<<END`")
  }

  private mutating func checkDash(_ token: Token, after line: Token?) {
    guard let line, file.text[line.span].last == UInt8(ascii: "\\") else { return }
    report(
      .dashLine, at: token.span, "this line of the script calls a macro: begin it with `--\\ `, or with a blank")
  }

  // MARK: - Statements

  private mutating func checkStatements() {
    var base: Statement?
    var volatile: Statement?
    var layer: Statement?
    for statement in plashfile.statements {
      let name = text(statement.name)
      if Linter.bases.contains(name) {
        if let base { report(.unusedBase, at: base.span, "a later base image replaces this one") }
        base = statement
        checkPinned(statement, name)
      }
      if name == "layer" || name == "l", statement.values.isEmpty {
        if let layer { report(.emptyLayer, at: layer.span, "nothing is between this layer and the next") }
        layer = statement
      } else {
        layer = nil
      }
      if Linter.volatile.contains(name) { volatile = volatile ?? statement }
      if Linter.heavy.contains(name), !statement.values.isEmpty, let step = volatile {
        report(.volatileFirst, at: step.span, "`\(name)` below runs again whenever this changes: move it up")
        volatile = nil
      }
      check(statement, name)
    }
  }

  private mutating func check(_ statement: Statement, _ name: String) {
    let values = plashfile.values[statement.values]
    if name == "hint", let hint = values.first, values.count > 1 {
      let macro = ["image": "--from-id", "exec": "--entrypoint"][text(hint)]
      if let macro { report(.plainHint, at: statement.span, "write `\(macro) \(text(values[values.startIndex + 1]))`") }
    }
    guard name == "run" || name == "x" else { return }
    if file.words == nil, values.count > 1, case let second = values[values.startIndex + 1],
      isOnLine(of: statement, second)
    {
      report(
        .splitWords, at: second, "each word is a line of the script: write `--inline`, or put the text on the next line"
      )
    }
    for value in values {
      let words = text(value).split(separator: " ")
      if words.first == "apt-get" || words.first == "apt", words.dropFirst().contains("install") {
        report(.aptInRun, at: value, "`--apt PACKAGES` does this, and updates the lists of packages first")
      }
    }
  }

  private func isOnLine(of statement: Statement, _ value: SourceSpan) -> Bool {
    !file.text[statement.span.upperBound..<value.lowerBound].contains(UInt8(ascii: "\n"))
  }

  private mutating func checkPinned(_ statement: Statement, _ name: String) {
    let values = plashfile.values[statement.values].map(text)
    guard let value = values.first ?? (Linter.shortcuts.contains(name) ? "" : nil) else { return }
    let isPinned =
      switch name {
      case "from": value.contains(":") || value.utf8.allSatisfy { (0x30...0x39).contains($0) }
      case "from-lxc": value.contains(":")
      case "from-docker": value.contains("@") || value.contains(":") && !value.hasSuffix(":latest")
      case "from-github": value.contains("@")
      case "from-url": values.contains { $0.hasPrefix("sha256=") }
      case _ where Linter.shortcuts.contains(name): false
      default: true
      }
    if !isPinned {
      report(.unpinnedBase, at: statement.span, "this base image is another one tomorrow: name a version, or a digest")
    }
  }

  private static let shortcuts: Set = ["A", "U", "F", "D", "C", "R", "G"]
  private static let bases: Set = shortcuts.union([
    "from", "f", "from-id", "from-map", "from-lxc", "from-docker", "from-url", "from-github", "from-debian",
    "from-busybox", "from-tar",
  ])
  private static let volatile: Set = ["invalidate-layer", "hash-path", "import-env"]
  private static let heavy: Set = ["apt", "apk", "pacman", "yum", "dnf", "emerge", "add-apt-repository"]
}
