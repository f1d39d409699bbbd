/// Something in the store that is not as it should be.
public enum StoreFinding: Equatable, Sendable {
  /// A file that is none of the store's.
  case foreignName(Bytes)
  /// A link that leads nowhere or to another image than it says.
  case danglingLink(Bytes)
  /// A layer's folder that no link of the index leads to.
  case notIndexed(ImageID)
  /// Data without a layer.
  case dataWithoutLayer(Bytes)
  /// A layer without data.
  case layerWithoutData(ImageID)
  /// A layer without a key or a manifest.
  case incompleteLayer(ImageID, missing: Bytes)
  /// The image that a flat image is made of is gone.
  case lostOrigin(ImageID, ImageID)
  /// What a dead process left in `tmp`.
  case abandoned(Bytes)
  /// The counter is behind the ids that were given out.
  case counterBehind(ImageID)
  /// A layer's files are not those that were put in.
  case changedLayer(ImageID)
  /// There is something in a layer that does not belong there.
  case oddity(ImageID, LayerOddity)
  /// A layer was made without being flushed to disk, by the wish of the user.
  case unflushed(ImageID)
  /// A part of the store cannot be read.
  case unreadable(SystemError)

  /// Whether it is about a link of the store.
  var isLink: Bool {
    if case .danglingLink = self { true } else { false }
  }

  /// Whether it can be put right without losing anything that an image consists of.
  public var isRepairable: Bool {
    switch self {
    case .danglingLink, .notIndexed, .dataWithoutLayer, .abandoned, .counterBehind, .unflushed: true
    case .foreignName, .layerWithoutData, .incompleteLayer, .lostOrigin, .changedLayer, .oddity, .unreadable: false
    }
  }
}
