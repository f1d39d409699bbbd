internal import Glibc

extension ImageStore {
  /// All images, in the order in which they were made; also those that are damaged, which `details` tells.
  public func images() throws(StoreError) -> [Image] {
    let ids = try storing { () throws(SystemError) in
      try open(folder: Bytes("index")).entries().compactMap { ImageID($0) }.sorted()
    }
    return ids.map { id in
      if let image = indexed(id), image.id == id { return image }
      return Image(lineage: [id])
    }
  }

  /// The names that users gave to images.
  public func names() throws(StoreError) -> [(name: Bytes, image: Image)] {
    let names = try storing { () throws(SystemError) in try open(folder: Bytes("map")).entries() }
    var found: [(name: Bytes, image: Image)] = []
    for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      // `fsck` tells what is no name.
      if (try? Self.mapPath(name)) != nil, let image = try image(named: name) { found.append((name, image)) }
    }
    return found
  }

  /// What is known of an image's layer; nil if the image was deleted just now.
  public func details(of image: Image) -> LayerDetails? {
    let link = Bytes("index/") + image.id.digits
    let made = time(of: image.id.data + Bytes("/key")) ?? time(of: link)
    let key = content("key", of: image)
    let manifest = LayerManifest(text: content("manifest", of: image))
    let isThere = FileSystem.exists(image.path + Bytes("/_data/root"), at: root.number)
    let isDamaged = !isThere || manifest == nil || LayerKey(hex: key) == nil
    // Links go first when an image is deleted: what still has one is damaged.
    guard let made, !isDamaged || time(of: link) != nil else { return nil }
    return LayerDetails(
      key: key, script: content("script", of: image), origin: content("origin", of: image), manifest: manifest,
      made: made, used: time(of: image.id.data) ?? made, isDamaged: isDamaged)
  }

  private func time(of path: Bytes) -> Int? { try? FileSystem.status(path, at: root.number).st_mtim.tv_sec }

  private func content(_ name: StaticString, of image: Image) -> Bytes {
    (try? FileSystem.content(of: image.id.data + [0x2F] + Bytes(name), at: root.number)) ?? []
  }
}
