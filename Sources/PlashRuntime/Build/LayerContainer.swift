internal import Glibc

/// Runs commands whose changes become layers.
struct LayerContainer {
  let store: ImageStore
  let ids: IDMapping
  let mounts: [HostMount]
  let workingDirectory: Bytes?
  let mapsWorkingDirectory: Bool

  /// Runs a command on `parent`, which the caller holds; its changes are in the workspace's layer then.
  func run(
    _ command: ContainerCommand, on parent: Image, in workspace: borrowing Workspace
  ) throws(BuildError) -> ContainerResult {
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
      let result = try Container.run(spec, command)
      removeMountPoint(from: workspace, on: parent)
      return result
    } catch {
      if case .setup(let cause, _) = error, case .full(let path, let shortage) = store.failure(cause) {
        throw .store(.full(path: path, shortage))
      }
      throw .container(error)
    }
  }

  /// The directories that were made to mount the current directory on are no change that the command made.
  private func removeMountPoint(from workspace: borrowing Workspace, on parent: Image) {
    guard mapsWorkingDirectory, let workingDirectory, !mounts.contains(where: { $0.covers(workingDirectory) }),
      let lower = try? store.openLayers(of: parent), let root = try? workspace.openLayerRoot()
    else { return }
    let names = workingDirectory.split(separator: 0x2F).map { Bytes($0) }
    removeEmpty(names[...], in: root, at: [], unlessIn: lower)
  }

  private func removeEmpty(
    _ names: ArraySlice<Bytes>, in directory: borrowing Descriptor, at path: Bytes, unlessIn lower: LayerStack
  ) {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    guard let name = names.first, let inner = try? Descriptor.open(name, at: directory.number, flags) else { return }
    removeEmpty(names.dropFirst(), in: inner, at: path + name + [0x2F], unlessIn: lower)
    if lower.roots.contains(where: { FileSystem.exists(path + name, at: $0) }) { return }
    try? FileSystem.remove(name, at: directory.number, isDirectory: true)
  }
}
