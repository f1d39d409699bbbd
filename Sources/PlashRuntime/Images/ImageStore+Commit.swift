internal import Glibc

extension ImageStore {
  /// A folder for something that is not finished. With a key: for the layer of that key, which only one process at a
  /// time builds; `waiting` is called if that is another one now.
  public func makeWorkspace(for key: LayerKey? = nil, waiting: () -> Void = {}) throws(StoreError) -> Workspace {
    do throws(SystemError) {
      return try Workspace.make(key?.hex ?? randomBytes(8).hexadecimal, in: root, waiting: waiting)
    } catch {
      throw .system(error)
    }
  }

  /// Makes what lies in the workspace's `node` a layer on `parent`. When this returns, everything is on disk; if it
  /// throws or the machine stops, no link leads to any of it.
  public func commit(
    _ workspace: consuming Workspace, on parent: Image, _ record: LayerRecord
  ) throws(StoreError) -> Image {
    do throws(SystemError) {
      let image = try place(workspace, on: parent, record)
      try setLink(Bytes("index"), image.id.digits, to: image, in: workspace)
      try setLink(Bytes("key"), record.key.hex, to: image, in: workspace)
      try workspace.remove()
      return image
    } catch {
      throw .system(error)
    }
  }

  /// Flush first, rename then: a layer whose data are not on disk must not be reachable after a power failure.
  private func place(
    _ workspace: borrowing Workspace, on parent: Image, _ record: LayerRecord
  ) throws(SystemError) -> Image {
    for (name, content) in record.files {
      let path = Bytes("node/_data/") + name
      try Descriptor.open(path, at: workspace.folder.number, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644).write(content)
    }
    var image = Image(lineage: parent.lineage + [try nextID()])
    try root.flushFileSystem()
    let folder = try Descriptor.open(parent.path, at: root.number, O_RDONLY | O_DIRECTORY)
    while true {
      do {
        try FileSystem.renameWithoutReplacing(
          Bytes("node"), at: workspace.folder.number, to: image.id.digits, at: folder.number)
        try folder.flush()
        return image
      } catch  where error.code == EEXIST || error.code == ENOTEMPTY {
        image = Image(lineage: parent.lineage + [try nextID()])
      }
    }
  }

  /// An id that was never given out: each takes one byte of the counter, appended in one go by the kernel. An id whose
  /// layer exists all the same (the counter lost its tail) is passed over by the caller.
  private func nextID() throws(SystemError) -> ImageID {
    let counter = try Descriptor.open(
      Bytes("id_counter"), at: root.number, O_WRONLY | O_APPEND | O_CREAT, mode: 0o644)
    while true {
      try counter.write([0x2E])
      let id = ImageID(number: UInt64(try check("lseek") { lseek(counter.number, 0, SEEK_CUR) }))
      if !FileSystem.exists(Bytes("index/") + id.digits, at: root.number) { return id }
    }
  }

  /// Sets a link of the store in one step, durably.
  private func setLink(
    _ folder: Bytes, _ name: Bytes, to image: Image, in workspace: borrowing Workspace
  ) throws(SystemError) {
    let opened = try open(folder: folder)
    try FileSystem.makeLink(Bytes("link"), at: workspace.folder.number, to: image.link)
    try FileSystem.rename(Bytes("link"), at: workspace.folder.number, to: name, at: opened.number)
    try opened.flush()
  }

  /// Gives `image` a name, in place of what had it.
  public func setName(_ name: Bytes, to image: Image) throws(StoreError) {
    let path = try Self.mapPath(name)
    let workspace = try makeWorkspace()
    do throws(SystemError) {
      try setLink(Bytes("map"), Bytes(path.dropFirst(4)), to: image, in: workspace)
      try workspace.remove()
    } catch {
      throw .system(error)
    }
  }

  /// Forgets a name; one that is not set is fine. The image stays.
  public func removeName(_ name: Bytes) throws(StoreError) {
    let path = try Self.mapPath(name)
    do throws(SystemError) {
      try FileSystem.remove(path, at: root.number)
      try open(folder: Bytes("map")).flush()
    } catch  where error.code == ENOENT {
    } catch {
      throw .system(error)
    }
  }
}
