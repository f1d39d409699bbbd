internal import Glibc

/// Something that a walk through a tree comes to.
public struct TreeEntry {
  /// From the root of the walk.
  public let path: Bytes
  /// The directory that it is in, open.
  let directory: Int32
  /// Its name there.
  let name: Bytes
  /// What lstat(2) says of it.
  let status: stat

  /// S_IFREG, S_IFDIR...
  var kind: mode_t { status.st_mode & S_IFMT }

  /// Opens a file or directory for reading.
  func open() throws(SystemError) -> Descriptor {
    try Descriptor.open(name, at: directory, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  }
}

extension FileSystem {
  /// Visits everything below `directory`, a directory before what is in it, in the order of the names' bytes.
  public static func walk(
    _ directory: Int32, _ visit: (TreeEntry) throws(SystemError) -> Void
  ) throws(SystemError) {
    _ = try walk(try Descriptor.open(Bytes("."), at: directory, O_RDONLY | O_DIRECTORY), [], visit)
  }

  /// How many directories may lie in each other: what is deeper becomes no layer, as not all that reads one could.
  private static let deepest = 5000

  private static func walk(
    _ directory: consuming Descriptor, _ path: Bytes, _ visit: (TreeEntry) throws(SystemError) -> Void
  ) throws(SystemError) -> Descriptor {
    if path.count(where: { $0 == 0x2F }) > deepest {
      throw SystemError(call: "open", path: Bytes(path.prefix(60)) + Bytes("..."), code: ENAMETOOLONG)
    }
    let own = try directory.status()
    for name in try directory.entries().sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let status = try status(name, at: directory.number)
      let entry = TreeEntry(path: path + name, directory: directory.number, name: name, status: status)
      try visit(entry)
      guard entry.kind == S_IFDIR else { continue }
      let child = try entry.open()
      _ = consume directory
      directory = try walk(child, entry.path + [0x2F], visit).parent(own)
    }
    return directory
  }
}
