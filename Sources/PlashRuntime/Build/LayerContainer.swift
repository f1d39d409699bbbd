/// Runs commands whose changes become layers.
struct LayerContainer {
  let store: ImageStore
  let ids: IDMapping
  let mounts: [HostMount]
  let workingDirectory: Bytes?
  let mapsWorkingDirectory: Bool

  /// Runs a command on `parent`; its changes are in the workspace's layer then.
  func run(
    _ command: ContainerCommand, on parent: Image, in workspace: borrowing Workspace
  ) throws(BuildError) -> ContainerResult {
    let hold = try hold(parent)
    defer { withExtendedLifetime(hold) {} }
    do throws(SystemError) {
      try workspace.makeLayer()
      try FileSystem.makeDirectory(Bytes("work"), at: workspace.folder.number, mode: 0o700)
    } catch {
      throw .store(store.failure(error))
    }
    var spec = ContainerSpec(
      store: store, image: parent, changes: .workspace(name: workspace.name), mounts: mounts, ids: ids)
    spec.ownProc = true
    spec.workingDirectory = workingDirectory
    spec.mapsWorkingDirectory = mapsWorkingDirectory
    do throws(ContainerError) {
      return try Container.run(spec, command)
    } catch {
      if case .setup(let cause, _) = error, case .full(let path, let shortage) = store.failure(cause) {
        throw .store(.full(path: path, shortage))
      }
      throw .container(error)
    }
  }

  private func hold(_ image: Image) throws(BuildError) -> ImageHold {
    do throws(StoreError) {
      if let hold = try store.hold(image) { return hold }
    } catch {
      throw .store(error)
    }
    throw .store(.unknownImage(image.id))
  }
}
