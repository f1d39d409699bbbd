internal import Glibc

/// Runs scripts on an image, each as a layer that is found again next time.
public struct Builder {
  /// The kernel takes 500 lower layers for an overlay (OVL_MAX_STACK in fs/overlayfs/params.c).
  public static let layerLimit = 499

  private let store: ImageStore
  private let namespace: () throws(NamespaceError) -> UserNamespace
  private let workingDirectory: Bytes?
  /// Called when another process is building the same layer and this one has to wait for it.
  private let waiting: (_ layer: Int) -> Void

  /// A builder for `store`. `namespace` is asked only if something is to be built, and gives one that is finished.
  /// Scripts start in `workingDirectory` if the image has it or sees it, else in the root.
  public init(
    store: ImageStore, workingDirectory: Bytes?, namespace: @escaping () throws(NamespaceError) -> UserNamespace,
    waiting: @escaping (_ layer: Int) -> Void
  ) {
    self.store = store
    self.workingDirectory = workingDirectory
    self.namespace = namespace
    self.waiting = waiting
  }

  /// The image that the scripts make of `base`, one layer each. The ones already built are not built again: if the last
  /// one is there, nothing but its key is looked at.
  public func build(on base: Image, layers scripts: [Bytes]) throws(BuildError) -> Image {
    if scripts.isEmpty { return base }
    let baseKey = try storing { () throws(StoreError) in try store.key(of: base) }
    var key = baseKey
    let keys = scripts.map { script in
      key = LayerKey(parent: key, script: script)
      return key
    }
    var (image, built) = try storing { () throws(StoreError) in try deepest(keys, base) }
    if built == scripts.count { return image }
    let namespace = try open()
    try storing { () throws(StoreError) in try store.removeAbandonedWorkspaces() }
    while built < scripts.count {
      image = try layer(built, LayerRecord(key: keys[built], script: scripts[built], origin: Bytes("build")), on: image, namespace)
      built += 1
    }
    return image
  }

  private func open() throws(BuildError) -> UserNamespace {
    do throws(NamespaceError) {
      return try namespace()
    } catch {
      throw .namespace(error)
    }
  }

  /// The image with the most of the layers, and how many it has.
  private func deepest(_ keys: [LayerKey], _ base: Image) throws(StoreError) -> (Image, Int) {
    for index in keys.indices.reversed() {
      if let image = try store.image(key: keys[index]) { return (image, index + 1) }
    }
    return (base, 0)
  }

  private func layer(
    _ index: Int, _ record: LayerRecord, on parent: Image, _ namespace: UserNamespace
  ) throws(BuildError) -> Image {
    if parent == .empty { throw .emptyBase }
    if parent.lineage.count >= Self.layerLimit { throw .tooManyLayers(limit: Self.layerLimit) }
    let workspace = try storing { () throws(StoreError) in
      try store.makeWorkspace(for: record.key) { waiting(index) }
    }
    do throws(BuildError) {
      if let image = try storing({ () throws(StoreError) in try store.image(key: record.key) }) {
        try? workspace.remove()
        return image
      }
      try run(record.script, index, on: parent, in: workspace, namespace)
    } catch {
      try? workspace.remove()
      throw error
    }
    do throws(StoreError) {
      return try store.commit(workspace, on: parent, record)
    } catch {
      throw .store(error)
    }
  }

  private func run(
    _ script: Bytes, _ index: Int, on parent: Image, in workspace: borrowing Workspace, _ namespace: UserNamespace
  ) throws(BuildError) {
    let null = try prepare(workspace)
    var spec = ContainerSpec(
      store: store.path, image: parent, changes: .workspace(name: workspace.name), mounts: HostMount.forBuilds)
    spec.ownProc = true
    spec.workingDirectory = workingDirectory
    spec.sharesMounts = namespace.sharesMounts
    var command = ContainerCommand(
      [Bytes("/bin/sh"), Bytes("-l"), Bytes("/proc/self/fd/3")], environment: LoginEnvironment.initial,
      script: Self.prelude + script)
    command.streams = (null.number, 2, 2)
    let result = try containing { () throws(ContainerError) in try Container.run(spec, command) }
    if !result.status.isSuccess {
      throw .scriptFailed(layer: index, line: max(result.linesTaken, 1) - 1, status: result.status)
    }
  }

  /// On the script's first line, so that the shell counts the lines as the script does.
  private static let prelude = Bytes("exec 3<&-; export PATH; set -ex; ")

  private func prepare(_ workspace: borrowing Workspace) throws(BuildError) -> Descriptor {
    do throws(SystemError) {
      try workspace.makeLayer()
      try FileSystem.makeDirectory(Bytes("work"), at: workspace.folder.number, mode: 0o700)
      return try Descriptor.open(Bytes("/dev/null"), O_RDWR)
    } catch {
      throw .store(.system(error))
    }
  }

  private func storing<Result: ~Copyable>(_ body: () throws(StoreError) -> Result) throws(BuildError) -> Result {
    do {
      return try body()
    } catch {
      throw .store(error)
    }
  }

  private func containing<Result>(_ body: () throws(ContainerError) -> Result) throws(BuildError) -> Result {
    do {
      return try body()
    } catch {
      throw .container(error)
    }
  }
}
