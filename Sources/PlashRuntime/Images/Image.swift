internal import Glibc

/// A layer and those below it. The value is a name: that it exists was true when the store gave it out.
public struct Image: Hashable, Sendable {
  /// The layers it consists of, the lowest first: a base, or the files of many layers in one, and what is built on that.
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

  /// What its folder lies in.
  public var below: Image { Image(lineage: lineage.dropLast()) }

  /// The kernel takes 500 lower layers for an overlay (OVL_MAX_STACK in fs/overlayfs/params.c); root emulation adds one.
  static let layerLimit = 499

  /// Whether no layer fits on it any more. Its path has to fit into a link, which holds less than PATH_MAX bytes, and
  /// people put the data directory before it and names of files behind it.
  var isFull: Bool { lineage.count >= Self.layerLimit || path.count > Int(PATH_MAX) * 3 / 4 }

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
