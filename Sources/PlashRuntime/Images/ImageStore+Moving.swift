internal import CPlashShims
internal import Glibc

extension ImageStore {
  /// Moves the directory at `path` into the store, as a layer on `parent`. It is deleted once the layer is there, so that
  /// nothing is lost if this fails or the machine stops.
  public func add(_ directory: Bytes, as record: LayerRecord, on parent: Image) throws(StoreError) -> Image {
    let path = FileSystem.withoutSlashAtEnd(directory)
    guard
      case .directory = try storing({ () throws(SystemError) in try FileSystem.kind(of: path, followingLink: false) })
    else { throw .notADirectory(path) }
    if try storing({ () throws(SystemError) in try overlaps(path) }) { throw .overlapsStore(path) }
    if try storing({ () throws(SystemError) in try isMounted(path) }) {
      throw .system(SystemError(call: "rmdir", path: path, code: EBUSY))
    }
    // Asked before: a layer that is there could not be taken back, if the directory has lost files already.
    _ = try storing { () throws(SystemError) in
      try check("access", path) { path.withCString { faccessat(AT_FDCWD, $0, R_OK | W_OK | X_OK, AT_EACCESS) } }
    }
    let hold = parent == .empty ? nil : try requiredHold(parent)
    defer { withExtendedLifetime(hold) {} }
    let workspace = try makeWorkspace()
    do throws(StoreError) {
      try explained { () throws(SystemError) in
        try FileSystem.makeDirectory(Bytes("data"), at: workspace.folder.number, mode: 0o755)
      }
      try copy(path, into: workspace)
    } catch {
      try? workspace.remove()
      throw error
    }
    let image = try commit(workspace, on: parent, record).image
    // The layer is there, and whoever asked for it has to hear of it: what cannot be deleted stays.
    do {
      try FileSystem.removeContent(of: path)
      try FileSystem.remove(path, at: AT_FDCWD, isDirectory: true)
    } catch {}
    return image
  }

  private func isMounted(_ path: Bytes) throws(SystemError) -> Bool {
    plash_is_mount_root(try Descriptor.open(path, O_RDONLY | O_DIRECTORY).number)
  }

  /// Whether the directory is in the data directory, or holds it: images would lose their files to the new layer.
  private func overlaps(_ path: Bytes) throws(SystemError) -> Bool {
    let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
    if try directory.isBelow(root) { return true }
    return try root.isBelow(directory)
  }

  /// By cp(1): as hard links, or from another file system with all content.
  private func copy(_ path: Bytes, into workspace: borrowing Workspace) throws(StoreError) {
    let target = workspace.path(in: self) + [0x2F] + Workspace.layerRoot
    let program = Program.find(Bytes("cp"), in: Bytes("/bin:/usr/bin")) ?? Bytes("/bin/cp")
    func copying(_ options: StaticString, _ errors: Program.Output) throws(SystemError) -> ExitStatus {
      let words = [Bytes(options), Bytes("--"), path, target]
      return try Program.wait(for: Program(path: program, arguments: words, environment: []).start(errors: errors))
    }
    let status = try explained { () throws(SystemError) in
      if try copying("-alT", .null).isSuccess { return ExitStatus.exited(0) }
      try FileSystem.removeTree(Workspace.layerRoot, at: workspace.folder.number)
      return try copying("-aT", .inherited)
    }
    if !status.isSuccess { throw fullness() ?? .copyFailed(path, status) }
  }

  /// Deletes all that is the store's. Nothing may be under way: builds hold their workspaces. Where an image came into use
  /// at the last moment, the names are gone and the data stay; what is made meanwhile is a new store's and stays.
  public func purge() throws(StoreError) {
    do {
      try deleteAll()
    } catch .system(let error) where error.code == ENOENT && !FileSystem.exists(Bytes("key"), at: root.number) {
      // Another purge was quicker.
    }
  }

  private func deleteAll() throws(StoreError) {
    let deletion = try storing { () throws(SystemError) in try lockDeletion() }
    defer { withExtendedLifetime(deletion) {} }
    let data = try alone { () throws(StoreError) in
      try checkUnused(allData())
      if try !workspacesAreIdle() { throw .underWay }
      stopForTests(at: "in-rm-after-check")
      // The names first: a purge that is cut off leaves nothing that looks like an image. The folders last: who finds none
      // makes a new store.
      try empty(["index", "key", "map", "layer/0"])
      let data = try allData()
      try checkUnused(data)
      return data
    }
    stopForTests(at: "in-rm-before-data")
    try storing { () throws(SystemError) in
      for id in data { try FileSystem.removeTree(id.data, at: root.number) }
    }
    guard try allData().isEmpty, try workspacesAreIdle() else { return }
    try removeAll(["data", "tmp", "download", "id_counter", "key", "map", "layer", "index"])
    try storing { () throws(SystemError) in
      do throws(SystemError) {
        try FileSystem.remove(path, at: AT_FDCWD, isDirectory: true)
      } catch  where [EACCES, EPERM, EBUSY, EROFS, ENOTEMPTY].contains(error.code) {
        // The folder may be in someone else's, or be a mount, or have something in it that is none of the store's.
      }
    }
  }

  private func empty(_ folders: [String]) throws(StoreError) {
    try storing { () throws(SystemError) in
      for folder in folders {
        let opened = try open(folder: Bytes(folder.utf8))
        for name in try opened.entries() { try FileSystem.removeTree(name, at: opened.number) }
      }
    }
  }

  private func removeAll(_ names: [String]) throws(StoreError) {
    try storing { () throws(SystemError) in
      for name in names { try FileSystem.removeTree(Bytes(name.utf8), at: root.number) }
    }
  }

  /// All images that have data; none if another `purge` was quicker.
  private func allData() throws(StoreError) -> [ImageID] {
    try storing { () throws(SystemError) in
      do throws(SystemError) {
        return try imagesWithData()
      } catch  where error.code == ENOENT {
        return []
      }
    }
  }

  private func workspacesAreIdle() throws(StoreError) -> Bool {
    try storing { () throws(SystemError) in
      let names = try open(folder: Bytes("tmp")).entries().filter { $0.suffix(5).elementsEqual(Bytes(".lock")) }
      for name in names {
        do throws(SystemError) {
          let lock = try Descriptor.open(Bytes("tmp/") + name, at: root.number, O_RDWR | O_NOFOLLOW)
          if try !lock.lock(exclusive: true, waiting: false) { return false }
        } catch  where error.code == ENOENT {
          // Its owner is done.
        }
      }
      return true
    }
  }
}
