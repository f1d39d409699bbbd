/// A layer and its ancestors. The value is a name: that it exists was true when the store gave it out.
public struct Image: Hashable, Sendable {
  /// The ids from the base to this image.
  public let lineage: [ImageID]

  init(lineage: [ImageID]) { self.lineage = lineage }

  /// The image that a link of the store names: `../layer/0/ID/ID...`. Nil if it names none.
  init?(link: Bytes) {
    let start = Bytes("../layer/0/")
    guard link.starts(with: start) else { return nil }
    let names = link.dropFirst(start.count).split(separator: 0x2F, omittingEmptySubsequences: false)
    let ids = names.compactMap { ImageID($0) }
    guard !ids.isEmpty, ids.count == names.count else { return nil }
    lineage = ids
  }

  /// The empty root image. It cannot be run; layers can be put on it.
  public static let empty = Image(lineage: [])

  /// The id of the image.
  public var id: ImageID { lineage.last ?? .empty }

  /// The image this one was built on; the empty one for a base.
  public var parent: Image { Image(lineage: lineage.dropLast()) }

  /// Where the layer lies, from the data directory.
  public var path: Bytes {
    lineage.reduce(into: Bytes("layer/0")) { path, id in
      path.append(0x2F)
      path += id.digits
    }
  }

  /// What the link in the layer's folder to its data says.
  var dataLink: Bytes { Bytes(String(repeating: "../", count: lineage.count + 2).utf8) + id.data }

  /// What the store's links to it say.
  var link: Bytes { Bytes("../") + path }
}
