internal import Glibc

extension ImageStore {
  /// Deletes `image` and everything built on it. Nothing is deleted if a container or a build uses any of it.
  ///
  /// Names and links go first, then the folders, then the data; none of it takes space or inodes, so that it works on a full
  /// disk. What is left when this process dies in between, or came into use at the last moment, is deleted by `clean`.
  /// `entering` is called before the data are deleted and makes this process able to: files of a layer belong to the
  /// user's subordinate ids. Nothing is deleted either if `isWanted`, told all that would go, says so.
  public func remove<Failure: Error>(
    _ image: Image, if isWanted: ([Image]) -> Bool = { _ in true }, entering: () throws(Failure) -> Void
  ) throws(RemovalError<Failure>) {
    let deletion = try RemovalError<Failure>.storing { () throws(SystemError) in try lockDeletion() }
    defer { withExtendedLifetime(deletion) {} }
    let images: [Image]
    do throws(StoreError) {
      images = try alone { () throws(StoreError) in try takeOut(image, if: isWanted) }
    } catch {
      throw .store(error)
    }
    if images.isEmpty { return }
    do {
      try entering()
    } catch {
      throw .entering(error)
    }
    stopForTests(at: "in-rm-before-data")
    try RemovalError<Failure>.storing { () throws(SystemError) in
      for image in images { try FileSystem.removeTree(image.id.data, at: root.number) }
    }
    if image.below.lineage.count != 1 { return }
    do throws(StoreError) {
      try alone { () throws(StoreError) in try removeIdleFlatImages() }
    } catch {
      throw .store(error)
    }
  }

  /// Takes an image and all built on it out of the tree. Gives those whose data can be deleted: none while any of what is
  /// out of the tree is in use.
  private func takeOut(_ image: Image, if isWanted: ([Image]) -> Bool) throws(StoreError) -> [Image] {
    let family: Family
    do throws(SystemError) {
      family = try self.family(of: image)
    } catch  where error.code == ENOENT {
      throw .unknownImage(image.id)
    } catch {
      throw .system(error)
    }
    try checkUnused(family.images.map(\.id))
    if !isWanted(family.images) { return [] }
    stopForTests(at: "in-rm-after-check")
    return try storing { () throws(SystemError) in
      let images = try hide(family)
      stopForTests(at: "in-rm-after-rename")
      return try hiddenImagesAreIdle() ? images : []
    }
  }

  /// An image and all built on it.
  private struct Family {
    /// Whose folders these images are in: the image's own, and those of flat images, each after what it is made of.
    var folders: [Image]
    var images: [Image] = []
  }

  private func family(of image: Image) throws(SystemError) -> Family {
    let flatImages = try flatImages()
    var family = Family(folders: [image])
    var next = 0
    while next < family.folders.count {
      let folder = family.folders[next]
      let images = try Self.layers(in: folder.path, at: root.number).map { Image(lineage: folder.lineage + $0) }
        .filter(isItsPlace)
      family.images += images + [folder]
      let ids = Set((images + [folder]).map(\.id))
      family.folders += flatImages.filter { ids.contains($0.of) }.map(\.flat)
        .filter { !family.folders.contains($0) }
      next += 1
    }
    return family
  }

  /// The image that a link of the store names, wherever that is.
  func target(of link: Bytes) -> Image? {
    (try? FileSystem.readLink(link, at: root.number)).flatMap { Image(link: $0) }
  }

  /// Where the index says that an image is.
  func indexed(_ id: ImageID) -> Image? { target(of: Bytes("index/") + id.digits) }

  /// Of an image that is in two places, a copied folder perhaps, the one that the index does not lead to is none of it.
  private func isItsPlace(_ image: Image) -> Bool { indexed(image.id).map { $0 == image } ?? true }

  func checkUnused(_ ids: [ImageID]) throws(StoreError) {
    if let use = try storing({ () throws(SystemError) in try firstUse(of: ids) }) { throw .inUse(use.id, by: use.user) }
  }

  /// One of these images that is in use. The locks are looked at first: who gave one up before has mounted the image.
  private func firstUse(of ids: [ImageID]) throws(SystemError) -> (id: ImageID, user: ImageUser?)? {
    let held = try firstHeld(of: ids)
    let used = try used()
    return (held ?? ids.first { used[$0] != nil }).map { ($0, used[$0]) }
  }

  /// One that a build on it has on hold, or a run that is about to begin. Looking takes the lock for a moment, which somebody
  /// else who looks would see: whoever looks is alone.
  private func firstHeld(of ids: [ImageID]) throws(SystemError) -> ImageID? {
    for id in ids where try isHeld(id) { return id }
    return nil
  }

  /// Whether nothing uses images that are out of the tree. What came into use as it was taken out, between a look and the
  /// rename, may stand on any of them.
  func hiddenImagesAreIdle() throws(SystemError) -> Bool {
    let listed = Set(try open(folder: Bytes("index")).entries())
    let hidden = try imagesWithData().filter { !listed.contains($0.digits) }
    // A flat image is not in the index either.
    return try firstUse(of: hidden.filter { !FileSystem.exists(Image(lineage: [$0]).path, at: root.number) }) == nil
  }

  private func isHeld(_ id: ImageID) throws(SystemError) -> Bool {
    do {
      let folder = try Descriptor.open(id.data, at: root.number, O_RDONLY | O_DIRECTORY)
      return try !folder.lock(exclusive: true, waiting: false)
    } catch  where error.code == ENOENT {
      return false
    }
  }

  /// Takes the names away and the folders out of the tree: into their images' data. Gives all images in them: a commit may
  /// have put one there at the last moment, whose links were not known before. One that comes later finds no parent.
  private func hide(_ family: Family) throws(SystemError) -> [Image] {
    try removeLinks(to: family.images)
    for folder in family.folders.reversed() {
      // There are none where they were lost.
      try FileSystem.makeDirectoryIfMissing(folder.id.data, at: root.number, mode: 0o755)
      try FileSystem.rename(folder.path, at: root.number, to: folder.removed, at: root.number)
    }
    let known = Set(family.images.map(\.id))
    var late: [Image] = []
    for folder in family.folders {
      let lineages = try Self.layers(in: folder.removed, at: root.number)
      late += lineages.map { Image(lineage: folder.lineage + $0) }.filter { !known.contains($0.id) && isItsPlace($0) }
    }
    if !late.isEmpty { try removeLinks(to: late) }
    return family.images + late
  }

  private func removeLinks(to images: [Image]) throws(SystemError) {
    try removeLinks(in: Bytes("map"), to: Set(images.map(\.id)))
    let index = try open(folder: Bytes("index"))
    var keyless: Set<ImageID> = []
    for image in images {
      if try !removeKey(of: image.id) { keyless.insert(image.id) }
      try FileSystem.removeTree(image.id.digits, at: index.number)
    }
    if !keyless.isEmpty { try removeLinks(in: Bytes("key"), to: keyless) }
    try index.flush()
  }

  private func removeLinks(in folder: Bytes, to images: Set<ImageID>) throws(SystemError) {
    let names = try open(folder: folder)
    for name in try names.entries() {
      guard let image = target(of: folder + [0x2F] + name) else { continue }
      if images.contains(image.id) { try FileSystem.removeTree(name, at: names.number) }
    }
  }

  /// Nothing finds the layer by its key any more; a link to another one stays. Gives false if it does not tell which that is.
  @discardableResult
  func removeKey(of id: ImageID) throws(SystemError) -> Bool {
    let content = (try? FileSystem.content(of: id.data + Bytes("/key"), at: root.number)) ?? []
    guard let key = LayerKey(hex: content) else { return false }
    let link = Bytes("key/") + key.hex
    if let target = try? FileSystem.readLink(link, at: root.number), Image(link: target).map(\.id) != id { return true }
    try FileSystem.removeTree(link, at: root.number)
    return true
  }

  /// The images whose data are there, whatever else is.
  func imagesWithData() throws(SystemError) -> [ImageID] {
    try open(folder: Bytes("data")).entries().compactMap { ImageID($0) }
  }

  /// What lies in `data` without being a layer's, nor becoming one now.
  func dataWithoutLayer() throws(SystemError) -> [Bytes] {
    // In this order: a commit names its layer in its workspace, moves the data, then gives the layer its place.
    let names = try open(folder: Bytes("data")).entries()
    let committing = try layersUnderWay()
    let layers = Set(try Self.layers(in: Bytes("layer/0"), at: root.number).compactMap(\.last))
    let listed = Set(try open(folder: Bytes("index")).entries())
    return names.filter { name in
      // One that the index still has has lost its place, and nothing else.
      ImageID(name).map { !committing.contains($0) && !layers.contains($0) && !listed.contains(name) } ?? true
    }
  }

  private func layersUnderWay() throws(SystemError) -> Set<ImageID> {
    var found: Set<ImageID> = []
    for name in try open(folder: Bytes("tmp")).entries() {
      do throws(SystemError) {
        let layers = try Self.layers(in: Bytes("tmp/") + name + Bytes("/new"), at: root.number)
        found.formUnion(layers.compactMap(\.last))
      } catch  where [ENOENT, ENOTDIR].contains(error.code) {
        // There is none before a commit, and after it.
      }
    }
    return found
  }

  /// The layers below a folder, each by the ids that lead to it from there: the numbers of the folders in it. What has a
  /// number and is no folder, a link above all, is none; `others` is called with its path.
  static func layers(
    in path: Bytes, at directory: Int32, others: (Bytes) -> Void = { _ in }
  ) throws(SystemError) -> [[ImageID]] {
    var found: [[ImageID]] = []
    var pending: [(path: Bytes, lineage: [ImageID])] = [(path, [])]
    while let (path, lineage) = pending.popLast() {
      let folder = try Descriptor.open(path, at: directory, O_RDONLY | O_DIRECTORY)
      for id in try folder.entries().compactMap({ ImageID($0) }) {
        guard try FileSystem.status(id.digits, at: folder.number).st_mode & S_IFMT == S_IFDIR else {
          others(path + [0x2F] + id.digits)
          continue
        }
        found.append(lineage + [id])
        pending.append((path + [0x2F] + id.digits, lineage + [id]))
      }
    }
    return found
  }
}

extension Image {
  /// Where the folder of a removed image is until its data are deleted.
  fileprivate var removed: Bytes { id.data + Bytes("/removed") }
}
