internal import Glibc

extension ImageStore {
  /// Deletes the workspaces of builds and runs that died. What is alive is left alone, and so are removals and commits
  /// that were cut off: deleting the data of layers takes `clean`.
  public func removeAbandonedWorkspaces() throws(StoreError) {
    try storing { () throws(SystemError) in
      try forEachAbandonedWorkspace { folder throws(SystemError) in
        !FileSystem.exists(Bytes("node"), at: folder.number)
      }
    }
  }

  /// Deletes what nothing uses: all that died processes left behind, links that lead nowhere, data without a layer.
  /// `used` are the images of running containers.
  public func clean(_ used: [ImageID: Bytes]) throws(StoreError) {
    try storing { () throws(SystemError) in
      try forEachAbandonedWorkspace { folder throws(SystemError) in try removeData(ofLayersIn: folder, unless: used) }
      try removeIdleFlatImages()
      for folder in ["index", "map", "key"].map({ Bytes($0.utf8) }) { try removeDanglingLinks(in: folder) }
      try removeAbandonedDownloads()
    }
  }

  /// Takes over each workspace whose lock is free, and deletes it if `body` says so.
  private func forEachAbandonedWorkspace(
    _ body: (borrowing Descriptor) throws(SystemError) -> Bool
  ) throws(SystemError) {
    let temporary = try open(folder: Bytes("tmp"))
    let suffix = Bytes(".lock")
    for entry in try temporary.entries() {
      let name = entry.suffix(suffix.count).elementsEqual(suffix) ? Bytes(entry.dropLast(suffix.count)) : entry
      let flags = O_RDWR | O_CREAT | O_NOFOLLOW
      let lock = try Descriptor.open(name + suffix, at: temporary.number, flags, mode: 0o600)
      guard try lock.lock(exclusive: true, waiting: false) else { continue }
      if FileSystem.exists(name, at: temporary.number) {
        let folder = try Descriptor.open(name, at: temporary.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard try body(folder) else { continue }
        try FileSystem.removeTree(name, at: temporary.number)
      }
      try FileSystem.removeTree(name + suffix, at: temporary.number)
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

  private func removeDanglingLinks(in folder: Bytes) throws(SystemError) {
    let opened = try open(folder: folder)
    for name in try opened.entries() {
      guard let target = try? FileSystem.readLink(name, at: opened.number) else { continue }
      let path = Image(link: target)?.path
      if path.map({ !FileSystem.exists($0 + Bytes("/_data/root"), at: root.number) }) ?? true {
        try FileSystem.removeTree(name, at: opened.number)
      }
    }
  }
}
