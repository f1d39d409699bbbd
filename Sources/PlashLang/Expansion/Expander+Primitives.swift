extension Expander {
  /// `call`: its number of values has been checked.
  mutating func perform(_ primitive: Primitive, _ call: Call) throws(CompileError) {
    if primitive.readsHost || primitive == .evalURL && isFile(bytes(0, call)), call.origin.isWithinRemote {
      throw forbidden(call)
    }
    let arguments = call.arguments
    switch primitive {
    case .hint: try hint(call)
    case .import: try importLibraries(call)
    case .resetImports: macros.reset()
    case .run: run(call)
    case .inline: emit(script: Array(arguments.map(\.text).joined(separator: " ".utf8))[...], call.origin)
    case .layer: try layer(call)
    case .importEnv: try importEnvironment(call)
    case .invalidateLayer: emit(line: Array(": invalidate cache with ".utf8) + host.freshUUID(), call.origin)
    case .writeFile: try writeFile(arguments[0], arguments.dropFirst(), call.origin)
    case .evalFile: try evaluate(plashfile(arguments[0], call), call, keepsNewline: false)
    case .evalString: try evaluateWords(call)
    case .evalStdin: try evaluate(SourceFile(standardInput: standardInput(call)), call, keepsNewline: false)
    case .runStdin: emit(script: SourceFile(standardInput: try standardInput(call)).text[...], call.origin)
    case .evalGithub: try evaluate(.github(repository: bytes(0, call), file: fileName(call)), call)
    case .evalURL: try evaluate(.url(bytes(0, call)), call)
    case .hashPath: try hash(call)
    case .from: try from(call)
    case .fromID: try image(id: arguments[0], call)
    case .fromSource: try fromSource(call)
    case .defpm: macros.define(bytes(0, call), .packages(PackageMacro(lines: Array(arguments.dropFirst()))))
    }
  }

  private func bytes(_ index: Int, _ call: Call) -> [UInt8] { Array(call.arguments[index].text) }

  private func forbidden(_ call: Call) -> CompileError {
    CompileError(.forbiddenInRemote(macro: Array(call.name)), call.origin)
  }

  /// An address that means a file of this host.
  private func isFile(_ address: [UInt8]) -> Bool { address.prefix(5).map { $0 | 0x20 }.elementsEqual("file:".utf8) }

  // MARK: - Text

  private mutating func run(_ call: Call) {
    if call.arguments.isEmpty { emit(line: [], call.origin) }
    for argument in call.arguments { emit(script: argument.text, argument.origin) }
  }

  private mutating func layer(_ call: Call) throws(CompileError) {
    emit(.layer, call.origin)
    guard let macro = call.arguments.first else { return }
    for argument in call.arguments.dropFirst() {
      try perform(Call(name: macro.text, arguments: [argument], origin: macro.origin))
      emit(.layer, call.origin)
    }
  }

  /// A hint that plash reads is one line; of others the rest is script.
  private mutating func hint(_ call: Call) throws(CompileError) {
    let content = Array(call.arguments.map(\.text).joined(separator: "=".utf8))
    let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let hint = Hint(content: lines[0])
    if lines.count > 1 {
      guard case .other = hint else {
        throw CompileError(.newlineInHint, call.arguments.last?.origin ?? call.origin)
      }
    }
    emit(hint, call.origin)
    for line in lines.dropFirst() { try emit(shell: line, call.origin) }
  }

  /// One quoted line of the file to a line of the script, so that none can read as a hint.
  private mutating func writeFile(
    _ path: Argument, _ lines: ArraySlice<Argument>, _ origin: Origin
  ) throws(CompileError) {
    var target = Array(" >".utf8)
    try Template.append(path, to: &target)
    guard let last = lines.last else { return try emit(shell: (Array(":".utf8) + target)[...], origin) }
    var command = Array("printf '%s\\n' ".utf8)
    if lines.count > 1 {
      emit(line: command + Array("\\".utf8), origin)
      command = []
    }
    for line in lines.dropLast() {
      var text = Array("  ".utf8)
      try Template.append(line, to: &text)
      try emit(shell: (text + Array(" \\".utf8))[...], line.origin)
    }
    if lines.count > 1 { command = Array("  ".utf8) }
    try Template.append(last, to: &command)
    try emit(shell: (command + target)[...], last.origin)
  }

  // MARK: - The host

  private func ask<Answer>(
    _ call: Call, _ at: Origin? = nil, _ question: (any Host) throws(HostError) -> Answer
  ) throws(CompileError) -> Answer {
    do throws(HostError) { return try question(host) } catch {
      throw CompileError(.host(error), at ?? call.origin)
    }
  }

  private func standardInput(_ call: Call) throws(CompileError) -> [UInt8] {
    try ask(call) { host throws(HostError) in try host.standardInput() }
  }

  private func plashfile(_ path: Argument, _ call: Call) throws(CompileError) -> SourceFile {
    try ask(call, path.origin) { host throws(HostError) in
      try host.plashfile(at: Array(path.text), besides: path.origin.file)
    }
  }

  private mutating func evaluate(_ reference: RemoteReference, _ call: Call) throws(CompileError) {
    let file = try ask(call, call.arguments[0].origin) { host throws(HostError) in
      try host.remotePlashfile(reference)
    }
    try evaluate(file, call, keepsNewline: false)
  }

  private func fileName(_ call: Call) -> [UInt8] {
    call.arguments.count > 1 ? bytes(1, call) : Array("plashfile".utf8)
  }

  private mutating func importLibraries(_ call: Call) throws(CompileError) {
    for argument in call.arguments {
      let name = Array(argument.text)
      let isPath = name.contains(UInt8(ascii: "/")) || name.suffix(5).elementsEqual(".yaml".utf8)
      if isPath, call.origin.isWithinRemote { throw forbidden(call) }
      let library = try ask(call, argument.origin) { host throws(HostError) in
        try host.macroLibrary(named: name, besides: argument.origin.file)
      }
      try macros.add(library)
    }
  }

  private mutating func importEnvironment(_ call: Call) throws(CompileError) {
    var isEmpty = true
    for argument in call.arguments {
      let name = argument.text.prefix { $0 != UInt8(ascii: ":") }
      let newName = name.endIndex < argument.text.endIndex ? argument.text[(name.endIndex + 1)...] : name
      guard newName.allSatisfy(ShellQuoting.isBare) || newName.startIndex == name.startIndex else {
        throw CompileError(.badVariableName(Array(newName)), argument.origin)
      }
      guard Expander.isVariableName(name), let value = host.environment(Array(name)) else { continue }
      var line = Array(newName) + Array("=".utf8)
      try Template.append(Argument(text: value[...], origin: argument.origin), to: &line)
      try emit(shell: line[...], argument.origin)
      isEmpty = false
    }
    if isEmpty { emit(line: [], call.origin) }
  }

  /// What is no name of a shell variable is not looked up.
  private static func isVariableName(_ name: ArraySlice<UInt8>) -> Bool {
    guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return name.allSatisfy { Parameter.isNameByte($0) && $0 != UInt8(ascii: "-") }
  }

  private mutating func hash(_ call: Call) throws(CompileError) {
    let digest = try ask(call, call.arguments[0].origin) { host throws(HostError) in
      try host.contentDigest(
        of: call.arguments.map { Array($0.text) }, besides: call.arguments[0].origin.file)
    }
    emit(line: Array(": hash: ".utf8) + digest, call.origin)
  }

  // MARK: - Words

  private mutating func evaluateWords(_ call: Call) throws(CompileError) {
    guard let words = ShellWords.split(call.arguments[0].text) else {
      throw CompileError(.unterminatedQuote, call.arguments[0].origin)
    }
    let text = Array(words.joined(separator: [UInt8(ascii: "\n")]))
    let file = SourceFile(name: Array("--eval-string".utf8), text: text, within: call.origin.file)
    try evaluate(file, call, keepsNewline: true)
  }

  // MARK: - Images

  private mutating func from(_ call: Call) throws(CompileError) {
    let name = call.arguments[0]
    if Expander.isNumber(name.text) { return try image(id: name, call) }
    try image(
      BaseReference(
        source: .lxc, name: Array(name.text), options: [], besides: name.origin.file, paths: call.origin.paths),
      call)
  }

  static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private mutating func image(id: Argument, _ call: Call) throws(CompileError) {
    guard Expander.isNumber(id.text) else { throw CompileError(.badImageID(Array(id.text)), id.origin) }
    emit(.image(Array(id.text)), call.origin)
  }

  private mutating func fromSource(_ call: Call) throws(CompileError) {
    let name = call.arguments[0]
    guard
      let source = BaseReference.Source.allCases.first(where: { name.text.elementsEqual($0.rawValue.utf8) })
    else {
      throw CompileError(.unknownSource(Array(name.text)), name.origin)
    }
    let words = call.arguments.dropFirst().map { Array($0.text) }
    let besides = (call.arguments.count > 1 ? call.arguments[1].origin : call.origin).file
    let readsHost = source == .tar || source == .url && isFile(words.first ?? [])
    if readsHost, call.origin.isWithinRemote { throw forbidden(call) }
    try image(
      BaseReference(
        source: source, name: words.first ?? [], options: Array(words.dropFirst()), besides: besides,
        paths: call.origin.paths),
      call)
  }

  private mutating func image(_ reference: BaseReference, _ call: Call) throws(CompileError) {
    let id = try ask(call, call.arguments.last?.origin) { host throws(HostError) in try host.image(reference)
    }
    emit(.image(id), call.origin)
  }
}
