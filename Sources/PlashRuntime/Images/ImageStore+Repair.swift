internal import Glibc

extension ImageStore {
  /// Puts right what a check finds and what can be put right; the rest is left as it is. What fails is in nobody's way: the
  /// first failure is thrown at the end.
  public func repair() throws(StoreError) {
    try makeFolders()
    try alone { () throws(StoreError) in
      // Once more: what was found before the lock may have been something under way.
      var check = StoreCheck(self, full: false)
      check.checkStructure()
      var failure: SystemError?
      // Wrong links go first: a right one may take the place.
      for isLink in [true, false] {
        for finding in check.findings where finding.isRepairable && finding.isLink == isLink {
          do throws(SystemError) { try repair(finding) } catch { failure = failure ?? error }
        }
      }
      if let failure { throw .system(failure) }
    }
    try clean()
  }

  private func repair(_ finding: StoreFinding) throws(SystemError) {
    switch finding {
    case .danglingLink(let path): try FileSystem.removeTree(path, at: root.number)
    case .closedFolder(let path): try FileSystem.changeMode(path, at: root.number, to: 0o755)
    case .misledLink(let path, let image): try link(path, to: image)
    case .notIndexed(let image): try link(finding.path, to: image)
    case .secondPlace(let image, _, _): try removeSecondPlace(image)
    case .lostDataLink(let image):
      try FileSystem.removeTree(finding.path, at: root.number)
      try FileSystem.makeLink(finding.path, at: root.number, to: image.dataLink)
    case .lostKey(let image, let key): try setKey(key ?? .unique(), of: image)
    case .lostKeyLink(let image, _): try link(finding.path, to: image)
    case .rootMode(_, _, let made): if let made { try FileSystem.changeMode(finding.path, at: root.number, to: made) }
    case .lostPlace(let image): try makePlace(of: image)
    case .counterBehind(let id): try advanceCounter(to: id)
    case .unflushed(let id):
      try root.flushFileSystem()
      try FileSystem.removeTree(id.data + [0x2F] + Self.unflushed, at: root.number)
    // `clean` deletes it, unless it is in use.
    case .dataWithoutLayer: break
    case .abandoned, .foreignName, .layerWithoutData, .incompleteLayer, .lostOrigin, .mounted: break
    case .changedLayer, .changedFile, .oddity, .unreadable, .unreadableOthers: break
    }
  }

  /// Makes the link at `path`, in one of the folders of links. One to an image that is gone by now is deleted by `clean`.
  private func link(_ path: Bytes, to image: Image) throws(SystemError) {
    try FileSystem.removeTree(path, at: root.number)
    try FileSystem.makeLink(path, at: root.number, to: image.link)
    try open(folder: path.split(separator: 0x2F).first.map { Bytes($0) } ?? []).flush()
  }

  /// The folders that lead to it may have been lost as well.
  private func makePlace(of image: Image) throws(SystemError) {
    for count in 1...image.lineage.count {
      let folder = Image(lineage: Array(image.lineage.prefix(count)))
      try FileSystem.makeDirectoryIfMissing(folder.path, at: root.number, mode: 0o755)
    }
    try FileSystem.removeTree(image.path + Bytes("/_data"), at: root.number)
    try FileSystem.makeLink(image.path + Bytes("/_data"), at: root.number, to: image.dataLink)
  }

  /// What is in there besides the link to the data is not ours: then the folder stays.
  private func removeSecondPlace(_ image: Image) throws(SystemError) {
    let entries = try open(folder: image.path).entries()
    guard entries.allSatisfy({ $0 == Bytes("_data") }) else { return }
    for name in entries { try FileSystem.remove(image.path + [0x2F] + name, at: root.number) }
    try FileSystem.remove(image.path, at: root.number, isDirectory: true)
  }

  /// The time of the key says when the layer was made, as that of its manifest does.
  private func setKey(_ key: LayerKey, of image: Image) throws(SystemError) {
    try note(key.hex, as: Bytes("key"), of: image.id)
    if let made = try? FileSystem.status(image.id.data + Bytes("/manifest"), at: root.number) {
      try FileSystem.setTimes(image.id.data + Bytes("/key"), at: root.number, to: made)
    }
    try link(Bytes("key/") + key.hex, to: image)
  }

  /// Writes a file among a layer's data, all at once. The time of the folder, which is that of the layer's last use, stays.
  func note(_ content: Bytes, as name: Bytes, of id: ImageID) throws(SystemError) {
    let folder = try open(folder: id.data)
    let used = try folder.status()
    let workspace = try Workspace.make(randomBytes(8).hexadecimal, in: root, waiting: { _ in })
    do throws(SystemError) {
      let flags = O_WRONLY | O_CREAT | O_EXCL
      let file = try Descriptor.open(name, at: workspace.folder.number, flags, mode: 0o644)
      try file.write(content)
      try file.flush()
      try FileSystem.rename(name, at: workspace.folder.number, to: name, at: folder.number)
    } catch {
      try? workspace.remove()
      throw error
    }
    try? workspace.remove()
    try check("futimens") { futimens(folder.number, [used.st_atim, used.st_mtim]) }
  }

  private func advanceCounter(to id: ImageID) throws(SystemError) {
    let flags = O_WRONLY | O_APPEND | O_CREAT
    let counter = try Descriptor.open(Bytes("id_counter"), at: root.number, flags, mode: 0o644)
    // It only grows: somebody may be taking ids.
    let missing = Int(id.number) - Int(try counter.status().st_size)
    if missing > 0 { try counter.write(Bytes(repeating: 0x2E, count: missing)) }
    try counter.flush()
  }
}
