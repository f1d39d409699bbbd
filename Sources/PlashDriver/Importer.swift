internal import Glibc
public import PlashRuntime

/// The helper that holds what importing takes and starting does not: tar, compression, signatures, downloads.
public struct Importer {
  private let session: Session

  /// An importer for the session's store.
  public init(_ session: Session) { self.session = session }

  /// Imports what the source gives now; of the processes that ask for the same at the same time, one imports.
  public func currentImage(_ words: [Bytes]) throws(DriverError) -> Image {
    try image(words, .asked(words + (session.ids.isSingle ? [Bytes("single-id")] : [])))
  }

  /// Imports what the words ask for, as in `debian bookworm`, and gives the image. With `wanted`: only if no image is it
  /// by the time this process may begin, and no other process has just imported the same.
  public func image(_ words: [Bytes], _ wanted: WantedImage? = nil) throws(DriverError) -> Image {
    let store = try session.store()
    try session.enterNamespace()
    guard let wanted else { return try start(words, store) }
    return try session.inTurn(for: wanted.turn) {
      WaitingWords.image(wanted.title, importedBy: $0)
    } answered: {
      try? store.image($0)
    } work: { () throws(DriverError) in
      if let image = try driving({ () throws(StoreError) in try wanted.known(in: store) }) { return (image, nil) }
      let image = try start(words, store)
      try driving { () throws(StoreError) in try wanted.remember(image, in: store) }
      return (image, image.id.digits)
    }
  }

  /// Has the helper make an image, whose id it prints.
  private func start(_ words: [Bytes], _ store: ImageStore, input: Int32 = 0) throws(DriverError) -> Image {
    try session.image(try answer(to: words, store, input: input))
  }

  /// Imports an image of docker or podman. Their command is run as the user who calls, outside of any namespace, and its
  /// archive is imported inside.
  public func dockerImage(_ name: Bytes, _ wanted: WantedImage? = nil) throws(DriverError) -> Image {
    if session.hasNamespace { throw .dockerFromInside(name) }
    let store = try session.store()
    let words = [Bytes("docker"), name] + (session.refreshesBases ? [Bytes("refresh")] : [])
    let report = try request(words.dropFirst())
    let helper = try outsideHelper(words[0], store)
    let running = try driving { () throws(SystemError) in try helper.startPiped(report: report.number) }
    try session.enterNamespace()
    let imported: Result<Image, DriverError>
    do throws(DriverError) {
      imported = .success(try start([Bytes("tar"), Bytes("-")], store, input: running.output.number))
    } catch {
      imported = .failure(error)
    }
    let status = try end(running)
    // What docker says explains an archive that could not be read.
    try checkSuccess(status, report)
    let image = try imported.get()
    if let wanted { try driving { () throws(StoreError) in try wanted.remember(image, in: store) } }
    return image
  }

  /// What the helper prints: the names of images.
  public func text(_ words: [Bytes]) throws(DriverError) -> Bytes {
    try session.enterNamespace()
    return try answer(to: words, try session.store())
  }

  /// A Plashfile from elsewhere. As long as there is no namespace it takes none: the text may name an image of docker.
  func remoteText(_ words: [Bytes]) throws(DriverError) -> Bytes {
    if session.hasNamespace { return try text(words) }
    let report = try request(words.dropFirst())
    let helper = try outsideHelper(words[0], try session.store())
    let answer = try driving { () throws(SystemError) in try Descriptor.memoryFile("answer") }
    let status = try driving { () throws(SystemError) in
      try helper.supervise(output: .descriptor(answer.number), report: report.number)
    }
    try checkSuccess(status, report)
    return try driving { () throws(SystemError) in try answer.readAllFromStart() }
  }

  /// The helper as the user who calls, in no namespace of its own.
  private func outsideHelper(_ source: Bytes, _ store: ImageStore) throws(DriverError) -> Program {
    Program(path: try executable(), arguments: [store.path, source], environment: Environment.entries)
  }

  private func answer(to words: [Bytes], _ store: ImageStore, input: Int32 = 0) throws(DriverError) -> Bytes {
    let answer = try driving { () throws(SystemError) in try Descriptor.memoryFile("answer") }
    try supervise(words, store, input: input, output: answer.number)
    return try driving { () throws(SystemError) in try answer.readAllFromStart() }
  }

  /// Has the helper write an image to `file` as a tar archive; `-` is standard output.
  public func export(_ image: Image, to file: Bytes) throws(DriverError) {
    let hold = try session.hold(image)
    defer { withExtendedLifetime(hold) {} }
    try session.enterNamespace()
    let words = [Bytes("export"), image.id.digits, file]
    guard file != Bytes("-"), FileSystem.isReplaceable(file) else {
      if file == Bytes("-") { try Process.checkOutput() }
      return try supervise(words, try session.store(), output: 1)
    }
    do throws(DriverError) {
      try supervise(words, try session.store(), output: 1)
    } catch {
      // Killed, the helper had no time to remove what it had written so far.
      try? FileSystem.remove(file + Bytes(".partial"), at: AT_FDCWD)
      throw error
    }
  }

  /// What the helper gets as its descriptor 3: the words, which may hold passwords and so are no arguments that
  /// everybody can see. There it writes in their place what is wrong.
  private func request(_ words: some Sequence<Bytes>) throws(DriverError) -> Descriptor {
    try driving { () throws(SystemError) in
      let request = try Descriptor.memoryFile("request")
      for word in words { try request.write(word + [0]) }
      return request
    }
  }

  private func end(_ running: consuming PipedProgram) throws(DriverError) -> ExitStatus {
    do throws(SystemError) {
      return try running.finish()
    } catch {
      throw .system(error)
    }
  }

  /// Runs the helper. When a signal ends this process, the helper and all that it started are gone before, and what they
  /// left is removed.
  private func supervise(
    _ words: [Bytes], _ store: ImageStore, input: Int32 = 0, output: Int32
  ) throws(DriverError) {
    let report = try request(words.dropFirst())
    var command = ContainerCommand([try executable(), store.path, words[0]], environment: Environment.entries)
    command.isClosed = false
    command.streams = (input, output, 2)
    command.report = report.number
    Process.catchSignals()
    let status: ExitStatus
    do throws(ContainerError) {
      status = try Container.supervise(command, ids: session.ids).status
    } catch {
      try? store.removeAbandonedWorkspaces()
      throw .container(error)
    }
    // It had no time to clear up.
    if case .signaled = status { try? store.removeAbandonedWorkspaces() }
    // Whoever reads what is exported has had enough: this process ends like any that writes to a closed pipe.
    if status.shellStatus == 128 + SIGPIPE { throw .container(.interrupted(signal: SIGPIPE)) }
    try checkSuccess(status, report)
  }

  /// The helper writes to `report` why it did not succeed.
  private func checkSuccess(_ status: ExitStatus, _ report: borrowing Descriptor) throws(DriverError) {
    if status.isSuccess { return }
    var message: Bytes
    do throws(SystemError) {
      message = try report.readAllFromStart()
      // The request: the helper has not come to read it, let alone to answer.
      if message.contains(0) { message = [] }
    } catch {
      throw .system(error)
    }
    throw .importFailed(message: message, status: status)
  }

  /// Beside this executable, or in `libexec/plash` next to its folder.
  private func executable() throws(DriverError) -> Bytes {
    let folder = Process.folder
    let places = [folder + Bytes("/plash-import"), folder + Bytes("/../libexec/plash/plash-import")]
    guard let path = places.first(where: { FileSystem.isExecutable($0) }) else {
      throw .incompleteInstallation(missing: places)
    }
    return path
  }
}
