internal import PlashRuntime

/// A name and a value attached to a file, xattr(7).
struct ExtendedAttribute: Sendable, Equatable {
  let name: Bytes
  let value: Bytes

  /// What may reach a file: an image's own `user.` attributes and capabilities. Not those that the overlay file system
  /// takes as orders, nor what belongs to the host's security modules.
  var isKept: Bool {
    if name.contains(0) || name.count > 255 || name.starts(with: Bytes("user.overlay.")) { return false }
    return name == Bytes("security.capability") || (name.starts(with: Bytes("user.")) && name.count > 5)
  }
}
