internal import Glibc

/// Makes one tree of several layers: what an overlay of them shows. Its files are hard links to those of the layers.
public enum LayerMerge {
  /// Fills the empty directory `tree`, in the file system of the layers. `layers` are their root directories, open, the
  /// topmost first. This process has to be root of a user namespace with the owners of the files in it.
  public static func merge(_ layers: LayerStack, into tree: borrowing Descriptor) throws(SystemError) {
    for layer in layers.roots.reversed() {
      _ = try lay(DirectoryPair(Bytes("."), at: layer, tree.number))
    }
  }

  /// `pair`: a directory of the layer, and the same of the tree.
  private static func lay(_ pair: consuming DirectoryPair) throws(SystemError) -> DirectoryPair {
    let (layer, tree) = (try pair.first.status(), try pair.second.status())
    for name in try pair.first.entries() {
      let status = try FileSystem.status(name, at: pair.first.number)
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        let inner = try directory(name, in: pair)
        _ = consume pair
        pair = try lay(inner).parent(layer, tree)
      case S_IFCHR where status.st_rdev == 0: try FileSystem.removeTree(name, at: pair.second.number)
      default:
        try FileSystem.removeTree(name, at: pair.second.number)
        try add(name, status, of: pair.first.number, to: pair.second.number)
      }
    }
    try copyProperties(of: pair.first.number, to: pair.second.number)
    return pair
  }

  /// An overlay with `index` notes in an attribute how many names a file has, and only regular files can have one: were
  /// the others hard links too, none of them could be removed there (ovl_set_nlink_lower() in fs/overlayfs/util.c).
  private static func add(_ name: Bytes, _ status: stat, of layer: Int32, to tree: Int32) throws(SystemError) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return try FileSystem.makeHardLink(name, at: tree, to: name, at: layer)
    case S_IFLNK: try FileSystem.makeLink(name, at: tree, to: FileSystem.readLink(name, at: layer))
    default:
      try FileSystem.makeNode(name, at: tree, mode: status.st_mode, device: status.st_rdev)
      try FileSystem.changeMode(name, at: tree, to: status.st_mode & 0o7777)
    }
    try FileSystem.changeOwner(name, at: tree, to: status.st_uid, status.st_gid)
    try FileSystem.setTimes(name, at: tree, to: status)
  }

  private static func directory(_ name: Bytes, in pair: borrowing DirectoryPair) throws(SystemError) -> DirectoryPair {
    let tree = pair.second.number
    let layer = try DirectoryPair.open(name, at: pair.first.number)
    let isThere = (try? FileSystem.status(name, at: tree).st_mode).map { $0 & S_IFMT == S_IFDIR } ?? false
    let hidesLower = try FileSystem.attribute(Bytes("user.overlay.opaque"), of: layer.number) == Bytes("y")
    if hidesLower || !isThere {
      try FileSystem.removeTree(name, at: tree)
      try FileSystem.makeDirectory(name, at: tree, mode: 0o700)
    }
    return DirectoryPair(layer, try DirectoryPair.open(name, at: tree))
  }

  /// Owner, attributes, mode and times: the topmost layer's count. A new owner takes bits of the mode away, and what is
  /// put into a directory changes its time.
  private static func copyProperties(of layer: Int32, to tree: Int32) throws(SystemError) {
    var status = stat()
    try check("fstat") { fstat(layer, &status) }
    try check("chown") { fchown(tree, status.st_uid, status.st_gid) }
    try copyAttributes(of: layer, to: tree)
    try check("chmod") { fchmod(tree, status.st_mode & 0o7777) }
    let times = [status.st_atim, status.st_mtim]
    try check("utimensat") { futimens(tree, times) }
  }

  private static func copyAttributes(of layer: Int32, to tree: Int32) throws(SystemError) {
    let names = try FileSystem.attributeNames(of: layer).filter(isKept)
    for name in try FileSystem.attributeNames(of: tree) where isKept(name) && !names.contains(name) {
      try FileSystem.removeAttribute(name, of: tree)
    }
    for name in names {
      guard let value = try FileSystem.attribute(name, of: layer) else { continue }
      try FileSystem.setAttribute(name, of: tree, to: value)
    }
  }

  /// Not what the overlay notes about a layer of its own, nor what the host's security modules do.
  private static func isKept(_ name: Bytes) -> Bool {
    if name.starts(with: Bytes("user.overlay.")) { return false }
    return name.starts(with: Bytes("user.")) || name.starts(with: Bytes("system.posix_acl_"))
  }
}
