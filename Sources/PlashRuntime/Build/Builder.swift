internal import Glibc

/// Runs scripts on an image, each as a layer that is found again next time.
public struct Builder {
  private let store: ImageStore
  private let ids: IDMapping
  private let enterNamespace: () throws(NamespaceError) -> Void
  private let workingDirectory: Bytes?
  private let origin: (_ layer: Int) -> Bytes
  private let waiting: (_ layer: Int, _ process: Bytes) -> Void

  /// A builder for `store`. `enterNamespace` is called only if something is to be built; from then on this process
  /// has `ids` and may mount.
  /// Scripts start in `workingDirectory` if the image has it or sees it, else in the root. `waiting` is called when
  /// another process has been building the same layer for two seconds while this one has to wait: with the number of the
  /// layer, from 0, and the pid of that process as it sees itself, empty if it is not known. `origin` gives a line about
  /// where a layer came from, for people: it is no part of the key.
  public init(
    store: ImageStore, ids: IDMapping, workingDirectory: Bytes?,
    enterNamespace: @escaping () throws(NamespaceError) -> Void,
    origin: @escaping (_ layer: Int) -> Bytes, waiting: @escaping (_ layer: Int, _ process: Bytes) -> Void
  ) {
    self.store = store
    self.workingDirectory = workingDirectory
    self.ids = ids
    self.enterNamespace = enterNamespace
    self.origin = origin
    self.waiting = waiting
  }

  /// The image that the scripts make of `base`, one layer each. The ones already built are not built again: if the last
  /// one is there, nothing but its key is looked at. Each is held until the next one is.
  public func build(on base: Image, layers scripts: [Bytes]) throws(BuildError) -> Image {
    if scripts.isEmpty { return base }
    let records = try storing { () throws(StoreError) in try keyed(scripts, on: base) }
    if let image = try storing({ () throws(StoreError) in try store.image(key: records[records.count - 1].key) }) {
      return image
    }
    let container = try container()
    try storing { () throws(StoreError) in try store.removeAbandonedWorkspaces() }
    var built = 0
    var top = try storing { () throws(StoreError) in try deepest(records, base, &built) }
    for (index, record) in records.enumerated().dropFirst(built) {
      top = try layer(index, record, on: top.image, container)
    }
    return top.image
  }

  private func keyed(_ scripts: [Bytes], on base: Image) throws(StoreError) -> [LayerRecord] {
    var key = try store.key(of: base)
    return scripts.map { script in
      key = LayerKey(parent: key, script: script, emulatingRoot: ids.isSingle)
      return LayerRecord(key: key, script: script, origin: Bytes("build"))
    }
  }

  /// The image with the most of the layers; `built` is how many it has.
  private func deepest(
    _ records: [LayerRecord], _ base: Image, _ built: inout Int
  ) throws(StoreError) -> HeldImage {
    for index in records.indices.reversed() {
      built = index + 1
      if let image = try store.heldImage(key: records[index].key) { return image }
    }
    built = 0
    return HeldImage(image: base, hold: try store.requiredHold(base))
  }

  private func container() throws(BuildError) -> LayerContainer {
    do throws(NamespaceError) {
      try enterNamespace()
    } catch {
      throw .namespace(error)
    }
    return LayerContainer(
      store: store, ids: ids, mounts: HostMount.forBuilds, workingDirectory: workingDirectory,
      mapsWorkingDirectory: false)
  }

  private func layer(
    _ index: Int, _ record: LayerRecord, on parent: Image, _ container: LayerContainer
  ) throws(BuildError) -> HeldImage {
    let workspace = try storing { () throws(StoreError) in
      try store.makeWorkspace(for: record.key) { waiting(index, $0) }
    }
    do throws(BuildError) {
      if let image = try storing({ () throws(StoreError) in try store.heldImage(key: record.key) }) {
        try? workspace.remove()
        return image
      }
      try run(record.script, index, on: parent, in: workspace, container)
    } catch {
      try? workspace.remove()
      throw error
    }
    do throws(StoreError) {
      let made = LayerRecord(key: record.key, script: record.script, origin: Bytes("build ") + origin(index))
      return try store.commit(workspace, on: parent, made)
    } catch {
      throw .store(error)
    }
  }

  /// On the script's first line, so that the shell counts the lines as the script does.
  private static let prelude = Bytes("exec 3<&-; export PATH; set -ex; ")

  private func run(
    _ script: Bytes, _ index: Int, on parent: Image, in workspace: borrowing Workspace, _ container: LayerContainer
  ) throws(BuildError) {
    let null = try openNull()
    var command = ContainerCommand(
      [Bytes("/bin/sh"), Bytes("-l"), Bytes("/proc/self/fd/3")], environment: LoginEnvironment.initial,
      script: Self.prelude + script)
    command.streams = (null.number, 2, 2)
    let result = try container.run(command, on: parent, in: workspace)
    if !result.status.isSuccess {
      throw .scriptFailed(
        layer: index, line: max(result.linesTaken, 1) - 1, status: result.status, full: store.fullness())
    }
  }

  private func openNull() throws(BuildError) -> Descriptor {
    do throws(SystemError) {
      return try Descriptor.open(Bytes("/dev/null"), O_RDWR)
    } catch {
      throw .container(.system(error))
    }
  }

  private func storing<Result: ~Copyable>(_ body: () throws(StoreError) -> Result) throws(BuildError) -> Result {
    do {
      return try body()
    } catch {
      throw .store(error)
    }
  }
}
