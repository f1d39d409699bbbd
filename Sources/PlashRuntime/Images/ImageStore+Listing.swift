internal import Glibc

extension ImageStore {
  /// All images, in the order in which they were made.
  public func images() throws(StoreError) -> [Image] {
    let ids = try storing { () throws(SystemError) in
      try open(folder: Bytes("index")).entries().compactMap { ImageID($0) }.sorted()
    }
    var images: [Image] = []
    for id in ids {
      do {
        images.append(try image(id.digits))
      } catch .unknownImage {
        // It was deleted just now.
      }
    }
    return images
  }

  /// The names that users gave to images.
  public func names() throws(StoreError) -> [(name: Bytes, image: Image)] {
    let names = try storing { () throws(SystemError) in try open(folder: Bytes("map")).entries() }
    var found: [(name: Bytes, image: Image)] = []
    for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      if let image = try image(named: name) { found.append((name, image)) }
    }
    return found
  }

  /// What is known of an image's layer.
  public func details(of image: Image) throws(StoreError) -> LayerDetails {
    let folder = image.id.data
    do throws(SystemError) {
      let made = try FileSystem.status(folder + Bytes("/key"), at: root.number).st_mtim.tv_sec
      let used = try FileSystem.status(folder, at: root.number).st_mtim.tv_sec
      return LayerDetails(
        key: content("key", of: image), script: content("script", of: image), origin: content("origin", of: image),
        manifest: LayerManifest(text: content("manifest", of: image)), made: made, used: used)
    } catch  where error.code == ENOENT {
      throw .unknownImage(image.id)
    } catch {
      throw .system(error)
    }
  }

  private func content(_ name: StaticString, of image: Image) -> Bytes {
    (try? FileSystem.content(of: image.id.data + [0x2F] + Bytes(name), at: root.number)) ?? []
  }
}
