public import PlashLang
public import PlashRuntime

extension Session {
  /// What a command line stands for; without words the Plashfile in standard input.
  public func source(_ words: [Bytes]) throws(DriverError) -> SourceFile {
    if !words.isEmpty { return SourceFile(arguments: words) }
    return SourceFile(standardInput: try driving { () throws(SystemError) in try FileSystem.standardInput() })
  }

  /// Builds what the macros ask for and gives the image to `body`. The namespace is begun beforehand: whoever builds on
  /// the fly goes on to run it.
  public func withPlan(of macros: [Bytes], _ body: (Image) throws(DriverError) -> Void) throws(DriverError) {
    if !macros.contains(where: Self.mayNameDocker) { try startNamespace() }
    let plan = try plan(SourceFile(arguments: macros))
    passedVariables = plan.passedVariables
    try withImage(of: plan, body)
  }

  /// An image can be deleted between being found and being put on hold: then it is made again, once.
  private func withImage<Result>(
    of plan: BuildPlan, _ body: (Image) throws(DriverError) -> Result
  ) throws(DriverError) -> Result {
    let image = try build(plan)
    do {
      return try body(image)
    } catch .store(.unknownImage(image.id)) {
      return try body(try build(plan))
    }
  }

  /// Runs an executable Plashfile: `words` are its path and the arguments for its program. Returns only by an error.
  public func execute(_ words: [Bytes]) throws(DriverError) -> Never {
    let words = takeRefresh(words)
    let usage = "plash-exec [--refresh] FILE [ARGUMENT...]"
    guard let file = words.first else { throw .usage(usage) }
    if file == Bytes("--help") || file == Bytes("-h") {
      let help = "Runs an executable Plashfile: builds it and runs its entrypoint."
      try Process.print(Bytes("usage: \(usage)\n\(help)\n".utf8))
      Process.end(0)
    }
    let text = try driving { () throws(SystemError) in try FileSystem.content(of: file) }
    // Most of the time of a start is the kernel's and newuidmap's: it passes while the file is read and looked up.
    if !Self.mayNameDocker(text) { try startNamespace() }
    let plan = try plan(SourceFile(path: file, text: text))
    guard let entrypoint = plan.entrypoint else { throw .noEntrypoint(file: file) }
    passedVariables = plan.passedVariables
    try withImage(of: plan) { image throws(DriverError) in try run(image, [entrypoint] + words.dropFirst()) }
  }

  /// Images of docker are imported from outside of a namespace. Whether a text names one is not known before it is
  /// expanded; one that brings in no other text shows it.
  private static func mayNameDocker(_ text: Bytes) -> Bool {
    [Bytes("docker"), Bytes("eval-"), Bytes("--import")].contains { text.range(of: $0) != nil }
  }

  /// The image that `text` names by its number, or the empty one by 0.
  public func image(_ text: Bytes, allowingEmpty: Bool) throws(DriverError) -> Image {
    allowingEmpty && text == Bytes("0") ? .empty : try image(text)
  }

  /// Runs a command on `image` and keeps its changes as a layer.
  public func create(on image: Image, _ command: [Bytes]) throws(DriverError) -> Image {
    if image == .empty { throw .emptyImage }
    // Nobody would hear of the image.
    try Process.checkOutput()
    let store = try store()
    Process.catchSignals()
    try enterNamespace()
    let login = try loginEnvironment(of: image)
    let creator = Creator(
      store: store, workingDirectory: FileSystem.currentDirectory(), ids: ids)
    var containerCommand = ContainerCommand(
      command.isEmpty ? [Self.shell(login)] : command, environment: environment(login))
    containerCommand.streams.output = 2
    containerCommand.isClosed = false
    do throws(BuildError) {
      return try Process.keepingTerminal { () throws(BuildError) in try creator.create(on: image, containerCommand) }
    } catch .scriptFailed(_, _, let status, let full) {
      explain(full)
      throw .commandFailed(status)
    } catch {
      throw .build(error, layers: [])
    }
  }
}
