internal import Glibc

extension ImageStore {
  /// The image that `text` names by its number.
  public func image(_ text: Bytes) throws(StoreError) -> Image {
    guard let id = ImageID(text) else { throw .invalidID(text, named: (try? image(named: text))?.id) }
    guard let image = try linked(Bytes("index/") + id.digits), image.id == id else { throw absence(of: id) }
    return image
  }

  /// The image that `text` names, to delete it: also one whose data or whose place in the index is lost.
  public func remains(_ text: Bytes) throws(StoreError) -> Image {
    do {
      return try image(text)
    } catch .unknownImage(let id), .damaged(let id) {
      let places = try storing { () throws(SystemError) in try Self.layers(in: Image.empty.path, at: root.number) }
      guard let lineage = places.first(where: { $0.last == id }), flattened(by: id) == nil else {
        throw .unknownImage(id)
      }
      return Image(lineage: lineage)
    }
  }

  /// The image whose last layer has `key`, or nil.
  public func image(key: LayerKey) throws(StoreError) -> Image? {
    try linked(Bytes("key/") + key.hex)
  }

  /// The image that users named `name`, or nil.
  public func image(named name: Bytes) throws(StoreError) -> Image? {
    try linked(Self.mapPath(name))
  }

  /// Why an image cannot be used. Links go first when one is deleted: what still has one is damaged.
  func absence(of id: ImageID) -> StoreError {
    let isListed = (try? FileSystem.status(Bytes("index/") + id.digits, at: root.number)) != nil
    return isListed ? .damaged(id) : .unknownImage(id)
  }

  /// The key of an image's layer.
  public func key(of image: Image) throws(StoreError) -> LayerKey {
    let path = image.id.data + Bytes("/key")
    do throws(SystemError) {
      if let key = LayerKey(hex: try FileSystem.content(of: path, at: root.number)) { return key }
    } catch  where error.code == ENOENT {
    } catch {
      throw .system(error)
    }
    throw absence(of: image.id)
  }

  /// The path that a user's name for an image has in the store.
  static func mapPath(_ name: Bytes) throws(StoreError) -> Bytes {
    let isOrdinary = !name.contains { $0 < 0x20 || $0 == 0x7F || $0 == 0x2F }
    guard 1...200 ~= name.count, isOrdinary, name != Bytes("."), name != Bytes("..") else { throw .invalidName(name) }
    return Bytes("map/") + name
  }

  /// The image that the link at `path` leads to. A link whose layer is gone is no link.
  private func linked(_ path: Bytes) throws(StoreError) -> Image? {
    do throws(SystemError) {
      let image = Image(link: try FileSystem.readLink(path, at: root.number))
      guard let image, FileSystem.exists(image.path + Bytes("/_data/root"), at: root.number) else { return nil }
      return image
    } catch  where error.code == ENOENT {
      return nil
    } catch {
      throw .system(error)
    }
  }
}
