internal import Glibc

extension ImageStore {
  /// Deletes `image` and everything built on it. Nothing is deleted if a container or a build uses any of it.
  ///
  /// The names go first, then the folder in one step, then the data. What is left when this process dies in between, or
  /// is used again at the last moment, is deleted by `clean`. `entering` is called before the data are deleted and makes
  /// this process able to: files of a layer belong to the user's subordinate ids.
  public func remove<Failure: Error>(
    _ image: Image, entering: () throws(Failure) -> Void
  ) throws(RemovalError<Failure>) {
    do throws(StoreError) {
      try checkUnused(try lineages(below: image))
    } catch {
      throw .store(error)
    }
    let workspace: Workspace
    do throws(StoreError) {
      workspace = try hide(image)
    } catch {
      throw .store(error)
    }
    stopForTests(at: "in-rm-after-rename")
    let used = used()
    do {
      try entering()
    } catch {
      throw .entering(error)
    }
    do throws(SystemError) {
      if try removeData(ofLayersIn: workspace.folder, unless: used) { try workspace.remove() }
    } catch {
      throw .store(.system(error))
    }
  }

  /// All images built on `image`, and itself.
  public func lineages(below image: Image) throws(StoreError) -> [Image] {
    try storing { () throws(SystemError) in
      try Self.layers(in: image.path, at: root.number).map { Image(lineage: image.lineage + $0) } + [image]
    }
  }

  private func checkUnused(_ images: [Image]) throws(StoreError) {
    let used = used()
    for image in images {
      if let process = used[image.id] { throw .inUse(image.id, process: process) }
      if try storing({ () throws(SystemError) in try isHeld(image.id) }) { throw .inUse(image.id, process: nil) }
    }
  }

  /// Whether someone has the image on hold: a build on it, or a run that is about to begin.
  private func isHeld(_ id: ImageID) throws(SystemError) -> Bool {
    do {
      let folder = try Descriptor.open(id.data, at: root.number, O_RDONLY | O_DIRECTORY)
      return try !folder.lock(exclusive: true, waiting: false)
    } catch  where error.code == ENOENT {
      return false
    }
  }

  /// Takes the image's names away and its folder out of the tree. The workspace's `node` tells whose data are to go.
  private func hide(_ image: Image) throws(StoreError) -> Workspace {
    let workspace = try makeWorkspace()
    do throws(SystemError) {
      try FileSystem.makeDirectory(Bytes("node"), at: workspace.folder.number, mode: 0o755)
      let index = try open(folder: Bytes("index"))
      for lineage in try Self.layers(in: image.path, at: root.number) + [[image.id]] {
        guard let id = lineage.last else { continue }
        if let key = try? FileSystem.content(of: id.data + Bytes("/key"), at: root.number) {
          try FileSystem.removeTree(Bytes("key/") + key, at: root.number)
        }
        try FileSystem.removeTree(id.digits, at: index.number)
      }
      try index.flush()
      try FileSystem.rename(
        image.path, at: root.number, to: Bytes("node/") + image.id.digits, at: workspace.folder.number)
      return workspace
    } catch {
      throw .system(error)
    }
  }

  /// Deletes the data of the layers whose folders lie in a workspace's `node`: none has a place in the store (any more).
  /// Gives false if some are in use after all and were left.
  func removeData(
    ofLayersIn workspace: borrowing Descriptor, unless used: [ImageID: Bytes]
  ) throws(SystemError) -> Bool {
    guard FileSystem.exists(Bytes("node"), at: workspace.number) else { return true }
    var isComplete = true
    for id in try Self.layers(in: Bytes("node"), at: workspace.number).compactMap(\.last)
    where !FileSystem.exists(Bytes("index/") + id.digits, at: root.number) {
      let isHeld = try isHeld(id)
      if used[id] != nil || isHeld {
        isComplete = false
      } else {
        try FileSystem.removeTree(id.data, at: root.number)
      }
    }
    return isComplete
  }

  /// The layers below a folder, each by the ids that lead to it from there: the numbers of the folders in it.
  static func layers(in path: Bytes, at directory: Int32) throws(SystemError) -> [[ImageID]] {
    var found: [[ImageID]] = []
    var pending: [(path: Bytes, lineage: [ImageID])] = [(path, [])]
    while let (path, lineage) = pending.popLast() {
      let folder = try Descriptor.open(path, at: directory, O_RDONLY | O_DIRECTORY)
      for id in try folder.entries().compactMap({ ImageID($0) }) {
        found.append(lineage + [id])
        pending.append((path + [0x2F] + id.digits, lineage + [id]))
      }
    }
    return found
  }
}
