internal import Glibc

/// What is looked at in each layer.
extension StoreCheck {
  mutating func checkLayers() {
    for image in places.values.sorted(by: { $0.id < $1.id }) {
      if let path = mounts[image.id] {
        // What could be seen below it would be somebody else's.
        findings.append(.mounted(image.id, path))
        continue
      }
      checkParts(of: image)
    }
  }

  private mutating func checkParts(of image: Image) {
    let id = image.id
    let mode: UInt32
    do throws(SystemError) {
      mode = try FileSystem.status(id.data + Bytes("/root"), at: store.root.number).st_mode
    } catch {
      // What cannot be looked at is not gone.
      findings.append([ENOENT, ENOTDIR].contains(error.code) ? .layerWithoutData(id) : .unreadable(error, of: id))
      return
    }
    if mode & S_IFMT != S_IFDIR {
      findings.append(.layerWithoutData(id))
      return
    }
    noting(of: id) { check throws(SystemError) in try check.checkMode(of: id.data) }
    if !findings.contains(.lostPlace(image)) {
      noting(of: id) { check throws(SystemError) in try check.checkMode(of: image.path) }
      checkDataLink(of: image)
    }
    checkKey(of: image)
    let manifest = manifest(of: id)
    if manifest == nil { findings.append(.incompleteLayer(id, missing: Bytes("manifest"))) }
    let made = manifest?.rootMode
    if made.map({ $0 != mode & 0o7777 }) ?? (mode & 0o700 != 0o700) {
      findings.append(.rootMode(id, mode & 0o7777, from: made))
    }
    if let origin = store.flattened(by: id) {
      if places[origin] == nil { findings.append(.lostOrigin(id, origin)) }
    } else if indexed(id) != image, !ambiguous.contains(id) {
      findings.append(.notIndexed(image))
    }
    if isUnflushed(id) { findings.append(.unflushed(id)) }
  }

  /// Of all layers in a full check; else of those that were never flushed.
  mutating func checkFiles() {
    for image in places.values.sorted(by: { $0.id < $1.id }) where mounts[image.id] == nil {
      if !full, !isUnflushed(image.id) { continue }
      noting(of: image.id) { check throws(SystemError) in
        // It may have been deleted since, and is not while it is read.
        guard let hold = try check.store.hold(image, isUse: false) else { return }
        defer { withExtendedLifetime(hold) {} }
        check.checkFiles(of: image.id)
      }
    }
  }

  private mutating func checkFiles(of id: ImageID) {
    if mode(id.data + Bytes("/root")).map({ $0 & S_IFMT == S_IFDIR }) != true { return }
    if let manifest = manifest(of: id) {
      noting(of: id) { check throws(SystemError) in try check.checkFiles(of: id, manifest) }
    }
    if full { noting(of: id) { check throws(SystemError) in try check.findOddities(of: id) } }
  }

  private func isUnflushed(_ id: ImageID) -> Bool { mode(id.data + [0x2F] + ImageStore.unflushed) != nil }

  private func manifest(of id: ImageID) -> LayerManifest? {
    let text = try? FileSystem.content(of: id.data + Bytes("/manifest"), at: store.root.number)
    return text.flatMap { LayerManifest(text: $0) }
  }

  private func mode(_ path: Bytes) -> UInt32? { try? FileSystem.status(path, at: store.root.number).st_mode }

  /// What is there in place of the link is somebody's, and is left to them.
  private mutating func checkDataLink(of image: Image) {
    let path = image.path + Bytes("/_data")
    if (try? FileSystem.readLink(path, at: store.root.number)) == image.dataLink { return }
    let isFree = mode(path).map { $0 & S_IFMT == S_IFLNK } ?? true
    findings.append(isFree ? .lostDataLink(image) : .foreignName(path))
  }

  private mutating func checkFiles(of id: ImageID, _ manifest: LayerManifest) throws(SystemError) {
    let root = try openRoot(of: id)
    do throws(SystemError) {
      let changes = try changes(in: root, since: manifest, of: id)
      findings += changes
      if full { try checkContents(of: id, root, beside: changes) }
    } catch {
      throw error.below(id.data + Bytes("/root"))
    }
  }

  private mutating func findOddities(of id: ImageID) throws(SystemError) {
    var oddities: [LayerOddity] = []
    defer { findings += oddities.map { .oddity(id, $0) } }
    let root = try openRoot(of: id)
    do throws(SystemError) {
      try LayerOddity.find(in: root, into: &oddities)
    } catch {
      throw error.below(id.data + Bytes("/root"))
    }
  }

  private func openRoot(of id: ImageID) throws(SystemError) -> Descriptor {
    try Descriptor.open(id.data + Bytes("/root"), at: store.root.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  }

  /// The list of the files is read when something is other. Stores of before have none: it is noted while nothing is.
  private func changes(
    in root: borrowing Descriptor, since manifest: LayerManifest, of id: ImageID
  ) throws(SystemError) -> [StoreFinding] {
    let old = id.data + [0x2F] + LayerManifest.listName
    let isAsMade = try LayerManifest(of: root).digest == manifest.digest
    if isAsMade, !full || mode(old) != nil { return [] }
    var list = Bytes()
    _ = try LayerManifest(of: root) { list += $0 }
    if isAsMade {
      try note(list, as: LayerManifest.listName, of: id)
      return []
    }
    let listed = (try? FileSystem.content(of: old, at: store.root.number)) ?? []
    guard SHA256.digest(of: listed).hexadecimal == manifest.digest else { return [.changedLayer(id)] }
    return FileChange.all(from: listed, to: list, comparing: FileChange.kind).map { .changedFile(id, $0) }
  }

  /// `changes` are known without reading, and not told again.
  private mutating func checkContents(
    of id: ImageID, _ root: borrowing Descriptor, beside changes: [StoreFinding]
  ) throws(SystemError) {
    let path = id.data + [0x2F] + LayerContents.name
    // An empty one is that of a layer without files, or was left by a power failure, of a plash that did not flush it.
    let noted = (try? FileSystem.content(of: path, at: store.root.number)).flatMap { $0.isEmpty ? nil : $0 }
    let isFormer = noted.map(LayerContents.isFormer) ?? false
    let contents = try LayerContents(of: root, asFormerly: isFormer)
    tellUnreadable(contents.unreadable, of: id)
    if isFormer, !contents.unreadable.isEmpty { return }
    if let noted, isFormer ? noted != contents.former : noted != contents.list {
      let files = isFormer ? [] : FileChange.all(from: noted, to: contents.list) { $0 == $1 ? nil : .contents }
      let known = Set(changes.map(\.path))
      findings += files.filter { $0.kind == .contents }.map { .changedFile(id, $0) }.filter { !known.contains($0.path) }
      if isFormer, changes.isEmpty { findings.append(.changedLayer(id)) }
    } else if changes.isEmpty, contents.unreadable.isEmpty, noted != contents.list {
      try note(contents.list, as: LayerContents.name, of: id)
    }
  }

  /// Some by name: where a disk or an owner is the reason, there can be thousands.
  private mutating func tellUnreadable(_ errors: [SystemError], of id: ImageID) {
    let named = errors.prefix(10)
    findings += named.map { unreadable($0.below(id.data + Bytes("/root")), of: id) }
    if errors.count > named.count { findings.append(.unreadableOthers(id, errors.count - named.count)) }
  }

  private func note(_ content: Bytes, as name: Bytes, of id: ImageID) throws(SystemError) {
    do throws(SystemError) {
      try store.note(content, as: name, of: id)
    } catch  where [ENOSPC, EDQUOT, EROFS].contains(error.code) {
      // Another time: a check is not to fail for want of space.
    }
  }
}
