internal import Glibc

extension ImageStore {
  /// Moves the directory at `path` into the store, as a layer on `parent`. From another file system it is copied by
  /// cp(1) and then deleted.
  public func add(_ path: Bytes, as record: LayerRecord, on parent: Image) throws(StoreError) -> Image {
    guard
      case .directory = try storing({ () throws(SystemError) in try FileSystem.kind(of: path, followingLink: false) })
    else { throw .notADirectory(path) }
    let workspace = try makeWorkspace()
    var isCopy = false
    do throws(SystemError) {
      try FileSystem.makeDirectory(Bytes("data"), at: workspace.folder.number, mode: 0o755)
      isCopy = try move(path, into: workspace)
    } catch {
      try? workspace.remove()
      throw .system(error)
    }
    let image = try commit(workspace, on: parent, record)
    if isCopy { try storing { () throws(SystemError) in try FileSystem.removeTree(path, at: AT_FDCWD) } }
    return image
  }

  /// Gives true if the directory is still where it was.
  private func move(_ path: Bytes, into workspace: borrowing Workspace) throws(SystemError) -> Bool {
    do {
      try FileSystem.rename(path, at: AT_FDCWD, to: Workspace.layerRoot, at: workspace.folder.number)
      return false
    } catch  where error.code == EXDEV {}
    let target = workspace.path(in: self) + [0x2F] + Workspace.layerRoot
    let copy = Program(
      path: Program.find(Bytes("cp"), in: Bytes("/bin:/usr/bin")) ?? Bytes("/bin/cp"),
      arguments: [Bytes("-aT"), Bytes("--"), path, target], environment: [])
    if try !Program.wait(for: copy.start()).isSuccess { throw SystemError(call: "cp", path: path, code: EIO) }
    return true
  }

  /// Deletes everything. Nothing may be under way: builds hold their workspaces.
  public func purge() throws(StoreError) {
    for lock in try workspaceLocks() {
      let free = try storing { () throws(SystemError) in
        try Descriptor.open(Bytes("tmp/") + lock, at: root.number, O_RDWR | O_NOFOLLOW)
          .lock(exclusive: true, waiting: false)
      }
      if !free { throw .underWay }
    }
    try storing { () throws(SystemError) in
      // The names first: a purge that is cut off leaves nothing that looks like an image.
      let entries = ["index", "key", "map", "layer", "data", "tmp"].map { Bytes($0.utf8) }
      for name in entries { try FileSystem.removeTree(name, at: root.number) }
      for name in try root.entries() { try FileSystem.removeTree(name, at: root.number) }
      do throws(SystemError) {
        try FileSystem.remove(path, at: AT_FDCWD, isDirectory: true)
      } catch  where [EACCES, EPERM, EBUSY, EROFS].contains(error.code) {
        // The folder itself may belong to someone else, or be a mount: then it stays, empty.
      }
    }
  }

  private func workspaceLocks() throws(StoreError) -> [Bytes] {
    try storing { () throws(SystemError) in
      try open(folder: Bytes("tmp")).entries().filter { $0.suffix(5).elementsEqual(Bytes(".lock")) }
    }
  }
}
