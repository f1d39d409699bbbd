internal import Glibc

extension ImageStore {
  /// Deletes what is left in `download/` of downloads that were killed, and could be resumed: parts (64 digits) that
  /// nobody has locked, and the entity tags beside them. The last index of a server stays.
  func removeAbandonedDownloads() throws(SystemError) {
    guard FileSystem.exists(Bytes("download"), at: root.number) else { return }
    let folder = try open(folder: Bytes("download"))
    let tag = Bytes(".tag")
    for name in Set(try folder.entries().map { $0.suffix(4).elementsEqual(tag) ? Bytes($0.dropLast(4)) : $0 })
    where LayerKey(hex: name) != nil {
      do throws(SystemError) {
        try removeDownload(name, name + tag, in: folder)
      } catch  where error.code == ENOENT {
        // It came to its end just now.
      }
    }
  }

  private func removeDownload(_ name: Bytes, _ tag: Bytes, in folder: borrowing Descriptor) throws(SystemError) {
    if FileSystem.exists(name, at: folder.number) {
      let part = try Descriptor.open(name, at: folder.number, O_RDWR | O_NOFOLLOW)
      // Its owner may have just removed it, and somebody else made it again.
      guard try part.lock(exclusive: true, waiting: false), try part.status().st_nlink > 0 else { return }
      try FileSystem.removeTree(tag, at: folder.number)
      try FileSystem.removeTree(name, at: folder.number)
    } else {
      try FileSystem.removeTree(tag, at: folder.number)
    }
  }
}
