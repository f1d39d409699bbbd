internal import PlashRuntime

/// A name and a value attached to a file, xattr(7).
struct ExtendedAttribute: Sendable, Equatable {
  let name: Bytes
  let value: Bytes

  /// What may reach a file: an image's own `user.` attributes and capabilities. Not those that the overlay file system
  /// takes as orders, nor what belongs to the host's security modules.
  var isKept: Bool {
    if name.contains(0) || name.count > 255 || name.starts(with: Bytes("user.overlay.")) { return false }
    return isCapability || (name.starts(with: Bytes("user.")) && name.count > 5)
  }

  /// As the kernel tells it: capabilities for the root of any user namespace and those for id 0 are the same, vfs_caps(7).
  var canonical: ExtendedAttribute {
    guard isCapability, value.count == 24, value[3] == 3, value[20...].allSatisfy({ $0 == 0 }) else { return self }
    return ExtendedAttribute(name: name, value: value[..<3] + [2] + value[4..<20])
  }

  private var isCapability: Bool { name == Bytes("security.capability") }
}
