internal import Glibc
internal import PlashRuntime

/// Makes a directory of a merged tree whose files are hard links to those of the layers.
struct LinkSink: TreeSink {
  private let root: Int32

  /// Into the empty directory `root`.
  init(_ root: Int32) { self.root = root }

  mutating func enter(_ directory: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError) {
    if path.isEmpty { return }
    try system { () throws(SystemError) in try FileSystem.makeDirectory(path, at: root, mode: 0o700) }
  }

  mutating func add(_ name: Bytes, in parent: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError) {
    try call("link", path) {
      name.withCString { name in path.withCString { linkat(parent.number, name, root, $0, 0) } }
    }
  }

  /// Owner, mode and time, once nothing is added to the directory any more.
  mutating func leave(_ directory: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError) {
    let made = try OpenDirectory(path.isEmpty ? Bytes(".") : path, at: root)
    try call("chown", path) { fchown(made.number, status.st_uid, status.st_gid) }
    try call("chmod", path) { fchmod(made.number, status.st_mode & 0o7777) }
    var times = [status.st_atim, status.st_mtim]
    try call("utimensat", path) { futimens(made.number, &times) }
  }
}
