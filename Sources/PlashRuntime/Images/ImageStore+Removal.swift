internal import Glibc

extension ImageStore {
  /// Deletes `image` and everything built on it. The names go first, then the folder in one step, then the data: what is
  /// left when this process dies in between is found by `removeAbandonedWorkspaces`.
  public func remove(_ image: Image) throws(StoreError) {
    let workspace = try makeWorkspace()
    do throws(SystemError) {
      try FileSystem.makeDirectory(Bytes("node"), at: workspace.folder.number, mode: 0o755)
      let index = try open(folder: Bytes("index"))
      for id in try Self.layers(in: image.path, at: root.number) + [image.id] {
        try FileSystem.removeTree(id.digits, at: index.number)
      }
      try index.flush()
      try FileSystem.rename(
        image.path, at: root.number, to: Bytes("node/") + image.id.digits, at: workspace.folder.number)
      try removeData(ofLayersIn: workspace.folder)
      try workspace.remove()
    } catch {
      throw .system(error)
    }
  }

  /// Deletes what builds, runs and removals that died have left in `tmp`. What is alive is left alone.
  public func removeAbandonedWorkspaces() throws(StoreError) {
    try storing { () throws(SystemError) in
      let temporary = try open(folder: Bytes("tmp"))
      for name in try temporary.entries() {
        let isLock = name.suffix(5).elementsEqual(Bytes(".lock"))
        try removeIfAbandoned(isLock ? Bytes(name.dropLast(5)) : name, in: temporary)
      }
    }
  }

  /// The lock is made before its folder and removed after it: a folder without one is a removal that was cut off.
  private func removeIfAbandoned(_ name: Bytes, in temporary: borrowing Descriptor) throws(SystemError) {
    let lockName = name + Bytes(".lock")
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW
    let lock = try Descriptor.open(lockName, at: temporary.number, flags, mode: 0o600)
    guard try lock.lock(exclusive: true, waiting: false) else { return }
    if FileSystem.exists(name, at: temporary.number) {
      try removeData(ofLayersIn: try Descriptor.open(name, at: temporary.number, O_RDONLY | O_DIRECTORY))
      try FileSystem.removeTree(name, at: temporary.number)
    }
    try FileSystem.removeTree(lockName, at: temporary.number)
  }

  /// Deletes the data of the layers whose folders lie in a workspace's `node`: none has a place in the store (any more).
  private func removeData(ofLayersIn workspace: borrowing Descriptor) throws(SystemError) {
    guard FileSystem.exists(Bytes("node"), at: workspace.number) else { return }
    for id in try Self.layers(in: Bytes("node"), at: workspace.number)
    where !FileSystem.exists(Bytes("index/") + id.digits, at: root.number) {
      try FileSystem.removeTree(id.data, at: root.number)
    }
  }

  /// The ids of all layers below a folder: the numbers of the folders in it.
  private static func layers(in path: Bytes, at directory: Int32) throws(SystemError) -> [ImageID] {
    var found: [ImageID] = []
    var paths = [path]
    while let path = paths.popLast() {
      let folder = try Descriptor.open(path, at: directory, O_RDONLY | O_DIRECTORY)
      for id in try folder.entries().compactMap({ ImageID($0) }) {
        found.append(id)
        paths.append(path + [0x2F] + id.digits)
      }
    }
    return found
  }
}
