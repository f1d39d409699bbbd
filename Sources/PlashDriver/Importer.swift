public import PlashRuntime

/// The helper that holds what importing takes and starting does not: tar, compression, signatures, downloads.
public struct Importer {
  private let session: Session

  /// An importer for the session's store.
  public init(_ session: Session) { self.session = session }

  /// Imports what the words ask for, as in `debian bookworm`, and gives the image. With a name: only if no image has it
  /// by the time this process may begin, and the image gets it.
  public func image(_ words: [Bytes], rememberedAs name: Bytes? = nil) throws(DriverError) -> Image {
    let store = try session.store()
    try session.enterNamespace()
    guard let name else { return try start(words, store) }
    let turn = try driving { () throws(StoreError) in
      try store.makeWorkspace(for: LayerKey(base: name, source: Bytes("import under way"))) {
        Process.complain(Bytes("plash: waiting for another process that imports the same image\n"))
      }
    }
    let result: Image
    do throws(DriverError) {
      result = try importOnce(words, name, store)
    } catch {
      try? turn.remove()
      throw error
    }
    try? turn.remove()
    return result
  }

  private func importOnce(_ words: [Bytes], _ name: Bytes, _ store: ImageStore) throws(DriverError) -> Image {
    if let image = try driving({ () throws(StoreError) in try store.image(named: name) }) { return image }
    let image = try start(words, store)
    try driving { () throws(StoreError) in try store.setName(name, to: image) }
    return image
  }

  /// The helper prints the id of the image, or exits with 1 after printing what is wrong.
  private func start(_ words: [Bytes], _ store: ImageStore) throws(DriverError) -> Image {
    let answer = try driving { () throws(SystemError) in try Descriptor.memoryFile("answer") }
    var command = ContainerCommand([try executable(), store.path] + words, environment: Environment.entries)
    command.isClosed = false
    command.streams.output = answer.number
    let status = try supervise(command, store)
    let text = try driving { () throws(SystemError) in try answer.readAllFromStart() }
    let line = Bytes(text.prefix { $0 != 0x0A })
    if status.isSuccess { return try session.image(line) }
    throw .importFailed(message: line, status: status)
  }

  /// When a signal ends this process, the helper and all that it started are gone before; what they left is removed.
  private func supervise(_ command: ContainerCommand, _ store: ImageStore) throws(DriverError) -> ExitStatus {
    Process.catchSignals()
    do throws(ContainerError) {
      return try Container.supervise(command, ids: session.ids).status
    } catch {
      try? store.removeAbandonedWorkspaces()
      throw .container(error)
    }
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
