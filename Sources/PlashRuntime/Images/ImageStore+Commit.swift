internal import Glibc

extension ImageStore {
  /// A folder for something that is not finished. With a key: for the layer of that key, which only one process at a
  /// time builds; `waiting` is called with the pid of another one that does, if that takes more than two seconds.
  public func makeWorkspace(for key: LayerKey? = nil, waiting: (Bytes) -> Void = { _ in }) throws(StoreError)
    -> Workspace
  {
    do throws(SystemError) {
      let name = key?.hex ?? randomBytes(8).hexadecimal
      return try Workspace.make(name, in: root, waiting: waiting) { () throws(SystemError) in
        try removeUncommittedData(of: name, in: open(folder: Bytes("tmp")))
      }
    } catch {
      throw failure(error)
    }
  }

  /// A folder that is a turn: for work that `key` stands for, which one process does while the others wait.
  /// - Parameters:
  ///   - waiting: as for `makeWorkspace`.
  ///   - answered: called with the answer that the process left which this one waited for (`Workspace.remove(answering:)`);
  ///     whether that is enough.
  /// - Returns: nil if it was enough.
  public func makeTurn(
    for key: LayerKey, waiting: (Bytes) -> Void, answered: (Bytes) -> Bool
  ) throws(StoreError) -> Workspace? {
    do throws(SystemError) {
      return try Workspace.make(key.hex, in: root, waiting: waiting, answered: answered)
    } catch {
      throw failure(error)
    }
  }

  /// Makes what lies in the workspace's `data` a layer on `parent`. When this returns, everything is on disk; if it
  /// throws or the machine stops, no link leads to any of it.
  public func commit(
    _ workspace: consuming Workspace, on parent: Image, _ record: LayerRecord
  ) throws(StoreError) -> HeldImage {
    let made: HeldImage
    stopForTests(at: "after-extract")
    do throws(StoreError) {
      let seat = try seat(on: parent)
      made = try explained { () throws(SystemError) in try place(workspace, on: seat.image, record) }
    } catch {
      try? removeUncommittedData(of: workspace.name, in: open(folder: Bytes("tmp")))
      try? workspace.remove()
      throw FileSystem.exists(parent.path, at: root.number) ? error : .unknownImage(parent.id)
    }
    // The layer is there; what cannot be deleted now is garbage to the next build.
    try? workspace.remove()
    return made
  }

  /// Makes what lies in the workspace's `data` a base, unless there is one with this key already: then it is that. Of
  /// processes that have the same content at the same time one makes the image; `waiting` is called in another one if that
  /// takes more than two seconds.
  public func commitBase(
    _ workspace: consuming Workspace, _ record: LayerRecord, waiting: () -> Void
  ) throws(StoreError) -> Image {
    let turn: Workspace
    do throws(StoreError) {
      turn = try makeWorkspace(for: record.key) { _ in waiting() }
    } catch {
      try? workspace.remove()
      throw error
    }
    let made: Result<Image, StoreError>
    do throws(StoreError) {
      if let known = try image(key: record.key) {
        try? workspace.remove()
        made = .success(known)
      } else {
        made = .success(try commit(workspace, on: .empty, record).image)
      }
    } catch {
      made = .failure(error)
    }
    try? turn.remove()
    return try made.get()
  }

  private func link(_ image: Image, _ record: LayerRecord, in workspace: borrowing Workspace) throws(SystemError) {
    stopForTests(at: "before-index")
    if record.flattens == nil { try setLink(Bytes("index"), image.id.digits, to: image, in: workspace) }
    try setLink(Bytes("key"), record.key.hex, to: image, in: workspace)
    // Whoever deletes the parent now may have looked for links before there were these.
    _ = try FileSystem.status(image.path, at: root.number)
  }

  /// What cannot be found is no layer: nothing would ever delete it.
  private func takeBack(_ image: Image, into workspace: borrowing Workspace) {
    try? FileSystem.remove(Bytes("index/") + image.id.digits, at: root.number)
    _ = try? removeKey(of: image.id)
    let node = Bytes("new/") + image.id.digits
    try? FileSystem.rename(image.path, at: root.number, to: node, at: workspace.folder.number)
  }

  /// `PLASH_SYNC=0` does without: for machines that nobody misses.
  private static var flushes: Bool { Environment.value(Bytes("PLASH_SYNC")) != Bytes("0") }

  /// In the data of a layer: it was never flushed to disk.
  static let unflushed = Bytes("unflushed")

  /// Flush first, rename then: a layer whose data are not on disk must not be reachable after a power failure.
  private func place(
    _ workspace: borrowing Workspace, on parent: Image, _ record: LayerRecord
  ) throws(SystemError) -> HeldImage {
    // Before anybody else can find it.
    let hold = ImageHold(try workspace.lockLayer())
    let root = try workspace.openLayerRoot()
    let list = Bytes("data/") + LayerManifest.listName
    let listed = try Descriptor.open(list, at: workspace.folder.number, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
    let manifest = try LayerManifest(of: root) { piece throws(SystemError) in try listed.write(piece) }
    let mark = Self.flushes ? [] : [(name: Self.unflushed, content: Bytes())]
    for (name, content) in record.files + [(Bytes("manifest"), manifest.text)] + mark {
      let path = Bytes("data/") + name
      try Descriptor.open(path, at: workspace.folder.number, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644).write(content)
    }
    let image = try makeNode(in: workspace, on: parent)
    stopForTests(at: "before-sync")
    if Self.flushes { try self.root.flushFileSystem() }
    stopForTests(at: "after-sync")
    let layers = try lockLayers(alone: false)
    defer { withExtendedLifetime(layers) {} }
    do {
      try move(Bytes("data"), of: workspace, to: image.id.digits, in: Bytes("data"))
    } catch  where error.code == EEXIST {
      // Somebody else's: what clears up after this process is not to take it for its own.
      try? FileSystem.removeTree(Bytes("new"), at: workspace.folder.number)
      throw error
    }
    stopForTests(at: "after-rename")
    do {
      try move(Bytes("new/") + image.id.digits, of: workspace, to: image.id.digits, in: parent.path)
      try link(image, record, in: workspace)
    } catch {
      takeBack(image, into: workspace)
      throw error
    }
    return HeldImage(image: image, hold: hold)
  }

  /// The folder that will be the layer's, with its link to the data. While it is in the workspace it tells who clears up
  /// after this process whose data these are.
  private func makeNode(in workspace: borrowing Workspace, on parent: Image) throws(SystemError) -> Image {
    let image = Image(lineage: parent.lineage + [try nextID()])
    let path = Bytes("new/") + image.id.digits
    try FileSystem.makeDirectory(Bytes("new"), at: workspace.folder.number, mode: 0o755)
    try FileSystem.makeDirectory(path, at: workspace.folder.number, mode: 0o755)
    try FileSystem.makeLink(path + Bytes("/_data"), at: workspace.folder.number, to: image.dataLink)
    return image
  }

  private func move(
    _ path: Bytes, of workspace: borrowing Workspace, to name: Bytes, in folder: Bytes
  ) throws(SystemError) {
    let opened = try open(folder: folder)
    try FileSystem.renameWithoutReplacing(path, at: workspace.folder.number, to: name, at: opened.number)
    if Self.flushes { try opened.flush() }
  }

  /// An id that was never given out: each takes one byte of the counter, appended in one go by the kernel. A
  /// counter that lost its tail is brought up to the ids that are there; it only ever grows.
  private func nextID() throws(SystemError) -> ImageID {
    let counter = try Descriptor.open(
      Bytes("id_counter"), at: root.number, O_WRONLY | O_APPEND | O_CREAT, mode: 0o644)
    while true {
      try counter.write([0x2E])
      let id = ImageID(number: UInt64(try check("lseek") { lseek(counter.number, 0, SEEK_CUR) }))
      let given = UInt64(try counter.status().st_size)
      let highest = try open(folder: Bytes("data")).entries().compactMap { ImageID($0)?.number }.max() ?? 0
      if given < highest {
        try counter.write(Bytes(repeating: 0x2E, count: Int(highest - given)))
        continue
      }
      if !FileSystem.exists(id.data, at: root.number) { return id }
    }
  }

  /// Sets a link of the store in one step, durably.
  private func setLink(
    _ folder: Bytes, _ name: Bytes, to image: Image, in workspace: borrowing Workspace
  ) throws(SystemError) {
    let opened = try open(folder: folder)
    try FileSystem.makeLink(Bytes("link"), at: workspace.folder.number, to: image.link)
    try FileSystem.rename(Bytes("link"), at: workspace.folder.number, to: name, at: opened.number)
    if Self.flushes { try opened.flush() }
  }

  /// Gives `image` a name, in place of what had it.
  public func setName(_ name: Bytes, to image: Image) throws(StoreError) {
    let path = try Self.mapPath(name)
    let workspace = try makeWorkspace()
    do throws(SystemError) {
      let layers = try lockLayers(alone: false)
      defer { withExtendedLifetime(layers) {} }
      // It may have been deleted while the lock was waited for.
      _ = try FileSystem.status(image.path, at: root.number)
      try setLink(Bytes("map"), Bytes(path.dropFirst(4)), to: image, in: workspace)
    } catch {
      try? workspace.remove()
      throw FileSystem.exists(image.path, at: root.number) ? failure(error) : .unknownImage(image.id)
    }
    do throws(SystemError) {
      try workspace.remove()
    } catch {
      throw failure(error)
    }
  }

  /// Forgets a name; one that is not set is fine. The image stays.
  public func removeName(_ name: Bytes) throws(StoreError) {
    let path = try Self.mapPath(name)
    do throws(SystemError) {
      let layers = try lockLayers(alone: false)
      defer { withExtendedLifetime(layers) {} }
      try FileSystem.remove(path, at: root.number)
      try open(folder: Bytes("map")).flush()
    } catch  where error.code == ENOENT {
    } catch {
      throw failure(error)
    }
  }
}
