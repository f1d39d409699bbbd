internal import CPlashShims
internal import Glibc

/// Something in a layer's files that neither a build nor an import puts there.
public enum LayerOddity: Equatable, Sendable {
  /// Owner or group of the file at `path`, from the root of the layer, is not among the user's ids.
  case foreignOwner(path: Bytes)
  /// An attribute by which the kernel would show something else than the layer has: `user.overlay.redirect`, `metacopy`,
  /// and `opaque` of what is no directory (overlayfs.rst, "User xattr").
  case misleadingAttribute(path: Bytes, name: Bytes)

  /// Adds all below `root`, for root of a user namespace with the user's ids.
  static func find(in root: borrowing Descriptor, into found: inout [LayerOddity]) throws(SystemError) {
    try FileSystem.walk(root.number) { entry throws(SystemError) in
      guard [S_IFREG, S_IFDIR].contains(entry.kind) else { return }
      if isForeign(entry) { found.append(.foreignOwner(path: entry.path)) }
      // That a file cannot be read is told with the contents.
      guard let file = try? entry.open() else { return }
      for name in try FileSystem.attributeNames(of: file.number) where isMisleading(name, entry) {
        found.append(.misleadingAttribute(path: entry.path, name: name))
      }
    }
  }

  private static func isMisleading(_ name: Bytes, _ entry: TreeEntry) -> Bool {
    name == Bytes("user.overlay.redirect") || name == Bytes("user.overlay.metacopy")
      || (name == Bytes("user.overlay.opaque") && entry.kind != S_IFDIR)
  }

  /// Ids that are not mapped look like 65534, which may also be mapped.
  private static func isForeign(_ entry: TreeEntry) -> Bool {
    let overflow: UInt32 = 65534
    guard entry.status.st_uid == overflow || entry.status.st_gid == overflow else { return false }
    return entry.name.withCString { !plash_has_rights_over(entry.directory, $0) }
  }
}
