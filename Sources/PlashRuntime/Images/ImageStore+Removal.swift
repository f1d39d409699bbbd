internal import Glibc

extension ImageStore {
  /// Deletes `image` and everything built on it. The names go first, then the folder in one step: what is left when
  /// this process dies in between is garbage in `tmp`.
  public func remove(_ image: Image) throws(StoreError) {
    try storing { () throws(SystemError) in
      let temporary = try open(folder: Bytes("tmp"))
      let index = try open(folder: Bytes("index"))
      for id in try descendants(of: image) + [image.id] { try FileSystem.removeTree(id.digits, at: index.number) }
      try index.flush()
      let name = randomBytes(8).hexadecimal
      try FileSystem.rename(image.path, at: root.number, to: name, at: temporary.number)
      try FileSystem.removeTree(name, at: temporary.number)
    }
  }

  /// The ids of all images built on `image`: the numbers of the folders inside its own.
  private func descendants(of image: Image) throws(SystemError) -> [ImageID] {
    var found: [ImageID] = []
    var paths = [image.path]
    while let path = paths.popLast() {
      let folder = try Descriptor.open(path, at: root.number, O_RDONLY | O_DIRECTORY)
      for id in try folder.entries().compactMap({ ImageID($0) }) {
        found.append(id)
        paths.append(path + [0x2F] + id.digits)
      }
    }
    return found
  }

  /// Deletes what builds and runs that died have left in `tmp`. What is alive is left alone.
  public func removeAbandonedWorkspaces() throws(StoreError) {
    try storing { () throws(SystemError) in
      let temporary = try open(folder: Bytes("tmp"))
      for name in try temporary.entries() {
        let isLock = name.suffix(5).elementsEqual(Bytes(".lock"))
        try removeIfAbandoned(isLock ? Bytes(name.dropLast(5)) : name, in: temporary.number)
      }
    }
  }

  private func removeIfAbandoned(_ name: Bytes, in temporary: Int32) throws(SystemError) {
    let lockName = name + Bytes(".lock")
    let lock: Descriptor
    do {
      lock = try Descriptor.open(lockName, at: temporary, O_RDWR | O_NOFOLLOW)
    } catch  where error.code == ENOENT {
      // The lock is made before its folder and removed after it: a folder without one is a removal under way or cut off.
      return try FileSystem.removeTree(name, at: temporary)
    }
    guard try lock.lock(exclusive: true, waiting: false) else { return }
    try FileSystem.removeTree(name, at: temporary)
    try FileSystem.removeTree(lockName, at: temporary)
  }
}
