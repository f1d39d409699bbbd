/// Something in the store that is not as it should be. Paths are from the data directory.
public enum StoreFinding: Equatable, Sendable {
  /// A file that is none of the store's.
  case foreignName(Bytes)
  /// A folder of the store whose mode keeps its owner out, who is root for fsck.
  case closedFolder(Bytes)
  /// A link that leads nowhere or to another image than it says.
  case danglingLink(Bytes)
  /// A link to an image that leads to another place than where the image is.
  case misledLink(Bytes, Image)
  /// A layer's folder that no link of the index leads to.
  case notIndexed(Image)
  /// A layer's folder is not where the index says; its data are there.
  case lostPlace(Image)
  /// A layer's folder, beside the one that counts. Idle: the index leads to that one, and nothing stands on this one alone.
  case secondPlace(Image, besides: Image, isIdle: Bool)
  /// The link to its data is missing in a layer's folder, or leads elsewhere.
  case lostDataLink(Image)
  /// Data without a layer.
  case dataWithoutLayer(Bytes)
  /// A layer without data.
  case layerWithoutData(ImageID)
  /// A layer without a manifest.
  case incompleteLayer(ImageID, missing: Bytes)
  /// A layer does not tell its key; it is this one if a link of the cache tells it.
  case lostKey(Image, LayerKey?)
  /// The cache does not find a layer by its key.
  case lostKeyLink(Image, LayerKey)
  /// The image that a flat image is made of is gone.
  case lostOrigin(ImageID, ImageID)
  /// What a dead process left in `tmp`.
  case abandoned(Bytes)
  /// The counter is behind the ids that were given out.
  case counterBehind(ImageID)
  /// The permission bits of a layer's root directory are not those that it was made with, if those are known, or lock its
  /// owner out.
  case rootMode(ImageID, UInt32, from: UInt32?)
  /// Something is mounted on a layer's data, which shows other files or changes them.
  case mounted(ImageID, Bytes)
  /// A layer's files are not those that were put in, and it was not noted which those were.
  case changedLayer(ImageID)
  /// Something in a layer is not as it was put in.
  case changedFile(ImageID, FileChange)
  /// There is something in a layer that does not belong there.
  case oddity(ImageID, LayerOddity)
  /// A layer was made without being flushed to disk, by the wish of the user.
  case unflushed(ImageID)
  /// A part of the store cannot be read.
  case unreadable(SystemError, of: ImageID?)
  /// So many files of a layer cannot be read, besides those that are named.
  case unreadableOthers(ImageID, Int)

  /// Whether it is about a link of the store.
  var isLink: Bool {
    if case .danglingLink = self { true } else { false }
  }

  /// Whether it can be put right without losing anything that an image consists of.
  public var isRepairable: Bool {
    switch self {
    case .danglingLink, .notIndexed, .dataWithoutLayer, .abandoned, .counterBehind, .unflushed: true
    case .closedFolder, .lostPlace, .misledLink, .lostDataLink, .lostKey, .lostKeyLink: true
    case .secondPlace(_, _, let isIdle): isIdle
    case .rootMode(_, _, let made): made != nil
    case .foreignName, .layerWithoutData, .incompleteLayer, .lostOrigin, .mounted: false
    case .changedLayer, .changedFile, .oddity, .unreadable, .unreadableOthers: false
    }
  }

  /// The image that it is about.
  public var image: ImageID? {
    switch self {
    case .foreignName, .closedFolder, .danglingLink, .dataWithoutLayer, .abandoned: nil
    case .lostPlace(let image), .notIndexed(let image), .secondPlace(let image, _, _), .lostDataLink(let image),
      .lostKey(let image, _), .lostKeyLink(let image, _), .misledLink(_, let image):
      image.id
    case .layerWithoutData(let id), .incompleteLayer(let id, _), .lostOrigin(let id, _),
      .counterBehind(let id), .rootMode(let id, _, _), .mounted(let id, _), .changedLayer(let id),
      .changedFile(let id, _), .oddity(let id, _), .unflushed(let id), .unreadableOthers(let id, _):
      id
    case .unreadable(_, let id): id
    }
  }

  /// Where it is.
  public var path: Bytes {
    switch self {
    case .foreignName(let path), .closedFolder(let path), .danglingLink(let path), .misledLink(let path, _): path
    case .mounted(_, let path): path
    case .notIndexed(let image): Bytes("index/") + image.id.digits
    case .secondPlace(let image, _, _), .lostPlace(let image): image.path
    case .lostDataLink(let image): image.path + Bytes("/_data")
    case .dataWithoutLayer(let name): Bytes("data/") + name
    case .layerWithoutData(let id), .changedLayer(let id), .rootMode(let id, _, _), .unreadableOthers(let id, _):
      id.data + Bytes("/root")
    case .incompleteLayer(let id, let missing): id.data + [0x2F] + missing
    case .lostKey(let image, _): image.id.data + Bytes("/key")
    case .lostKeyLink(_, let key): Bytes("key/") + key.hex
    case .lostOrigin(let id, _): id.data + Bytes("/flattens")
    case .abandoned(let name): Bytes("tmp/") + name
    case .counterBehind: Bytes("id_counter")
    case .changedFile(let id, let change): id.data + Bytes("/root/") + change.path
    case .oddity(let id, .foreignOwner(let path)), .oddity(let id, .misleadingAttribute(let path, _)):
      id.data + Bytes("/root/") + path
    case .unflushed(let id): id.data
    case .unreadable(let error, _): error.path
    }
  }
}
