internal import Glibc

extension ImageStore {
  /// Deletes the workspaces of builds, imports and runs that died. What is alive is left alone; what cannot be deleted is in
  /// the way of nothing but `clean`, which says so.
  public func removeAbandonedWorkspaces() throws(StoreError) {
    _ = try storing { () throws(SystemError) in try clearWorkspaces() }
  }

  /// Gives the first failure; the other workspaces are cleared all the same.
  private func clearWorkspaces() throws(SystemError) -> SystemError? {
    let temporary = try open(folder: Bytes("tmp"))
    var failure: SystemError?
    for entry in try temporary.entries() {
      do throws(SystemError) {
        try clear(entry, in: temporary)
      } catch {
        failure = failure ?? error
      }
    }
    return failure
  }

  private func clear(_ entry: Bytes, in temporary: borrowing Descriptor) throws(SystemError) {
    let suffix = Bytes(".lock")
    // Gone by now: what has this name a moment later is somebody's.
    guard let kind = try? FileSystem.status(entry, at: temporary.number).st_mode & S_IFMT else { return }
    // What is none of the store's: no workspace is anything but a folder, no lock anything but a file.
    if kind != (entry.suffix(suffix.count).elementsEqual(suffix) ? S_IFREG : S_IFDIR) {
      return try FileSystem.removeTree(entry, at: temporary.number)
    }
    let name = entry.suffix(suffix.count).elementsEqual(suffix) ? Bytes(entry.dropLast(suffix.count)) : entry
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW
    let lock = try Descriptor.open(name + suffix, at: temporary.number, flags, mode: 0o600)
    // Its owner may have just removed it, and somebody else made it again.
    guard try lock.lock(exclusive: true, waiting: false), try lock.status().st_nlink > 0 else { return }
    if FileSystem.exists(name, at: temporary.number) {
      let folder = try Descriptor.open(name, at: temporary.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      guard try folder.lock(exclusive: true, waiting: false) else { return }
      try removeUncommittedData(of: name, in: temporary)
      try FileSystem.removeTree(name, at: temporary.number)
    }
    try FileSystem.removeTree(name + suffix, at: temporary.number)
  }

  /// Deletes what nothing uses: all that died processes left behind, links that lead nowhere, data without a layer.
  public func clean() throws(StoreError) {
    let failure = try storing { () throws(SystemError) in try clearWorkspaces() }
    let deletion = try storing { () throws(SystemError) in try lockDeletion() }
    defer { withExtendedLifetime(deletion) {} }
    let data = try alone { () throws(StoreError) in
      try removeIdleFlatImages()
      return try storing { () throws(SystemError) in
        for folder in ["index", "map", "key"].map({ Bytes($0.utf8) }) { try removeDanglingLinks(in: folder) }
        let data = try dataWithoutLayer().compactMap { ImageID($0) }
        let isIdle = try hiddenImagesAreIdle()
        return isIdle ? data : []
      }
    }
    try storing { () throws(SystemError) in
      for id in data { try FileSystem.removeTree(id.data, at: root.number) }
      try removeAbandonedDownloads()
      if let failure { throw failure }
    }
  }

  /// A commit that was cut off before its layer got its place leaves data that no link ever led to: they are named by the
  /// folders in the workspace's `new`.
  func removeUncommittedData(of workspace: Bytes, in temporary: borrowing Descriptor) throws(SystemError) {
    let new = workspace + Bytes("/new")
    guard FileSystem.exists(new, at: temporary.number) else { return }
    for id in try Self.layers(in: new, at: temporary.number).compactMap(\.last)
    where !FileSystem.exists(Bytes("index/") + id.digits, at: root.number) {
      try FileSystem.removeTree(id.data, at: root.number)
    }
  }

  /// The names of workspaces whose makers are gone.
  func abandonedWorkspaces() throws(SystemError) -> [Bytes] {
    let temporary = try open(folder: Bytes("tmp"))
    let suffix = Bytes(".lock")
    var abandoned: [Bytes] = []
    for entry in try temporary.entries() {
      let isLock = entry.suffix(suffix.count).elementsEqual(suffix)
      let lockName = isLock ? entry : entry + suffix
      guard FileSystem.exists(lockName, at: temporary.number) else {
        abandoned.append(entry)
        continue
      }
      let lock = try Descriptor.open(lockName, at: temporary.number, O_RDWR | O_NOFOLLOW)
      if isLock, try lock.lock(exclusive: true, waiting: false) {
        abandoned.append(Bytes(entry.dropLast(suffix.count)))
      }
    }
    return abandoned
  }

  /// An image that has lost its place in the tree, or the link to its data, and has its data, is there: `fsck` puts that
  /// right.
  private func removeDanglingLinks(in folder: Bytes) throws(SystemError) {
    let opened = try open(folder: folder)
    for name in try opened.entries() {
      guard let target = try? FileSystem.readLink(name, at: opened.number) else { continue }
      if let image = Image(link: target), try isThere(image.id.data + Bytes("/root")) {
        if try isThere(image.path) { continue }
        if indexed(image.id) == image { continue }
      }
      try FileSystem.removeTree(name, at: opened.number)
    }
  }

  /// What cannot be looked at is not gone.
  private func isThere(_ path: Bytes) throws(SystemError) -> Bool {
    do {
      _ = try FileSystem.status(path, at: root.number)
      return true
    } catch  where [ENOENT, ENOTDIR].contains(error.code) {
      return false
    }
  }
}
