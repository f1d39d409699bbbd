internal import Glibc

/// What the files of a layer contain, in one number. Making a layer does not wait for it: `fsck --full` notes it the first
/// time it reads a layer, and compares from then on.
struct LayerContents: Equatable {
  /// SHA-256, as hexadecimal digits, over path and content of every file and target of every link, in the order of the
  /// paths.
  let digest: Bytes

  private static let name = Bytes("contents")

  /// Reads all files below `root`, which takes rights over the user's subordinate ids.
  init(of root: borrowing Descriptor) throws(SystemError) {
    var hash = SHA256()
    try FileSystem.walk(root.number) { entry throws(SystemError) in
      switch entry.kind {
      case S_IFREG:
        let file = try entry.open()
        hash.update(entry.path + [0] + Bytes("\(entry.status.st_size)".utf8) + [0])
        try Self.add(contentsOf: file, to: &hash)
      case S_IFLNK:
        hash.update(entry.path + [0] + (try FileSystem.readLink(entry.name, at: entry.directory)) + [0])
      default: break
      }
    }
    digest = hash.digest().hexadecimal
  }

  private init(digest: Bytes) { self.digest = digest }

  /// What was noted of the layer whose data lie in `folder`; nil if nothing was.
  static func noted(in folder: borrowing Descriptor) throws(SystemError) -> LayerContents? {
    do throws(SystemError) {
      return LayerContents(digest: try FileSystem.content(of: name, at: folder.number))
    } catch  where error.code == ENOENT {
      return nil
    }
  }

  /// Notes it, all at once. The time of the folder, which is that of the layer's last use, stays.
  func note(in folder: borrowing Descriptor) throws(SystemError) {
    let used = try folder.status()
    let new = Self.name + Bytes(".new")
    try Descriptor.open(new, at: folder.number, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644).write(digest)
    try FileSystem.rename(new, at: folder.number, to: Self.name, at: folder.number)
    try check("futimens") { futimens(folder.number, [used.st_atim, used.st_mtim]) }
  }

  private static func add(contentsOf file: borrowing Descriptor, to hash: inout SHA256) throws(SystemError) {
    while true {
      let chunk = try file.read(upTo: 1 << 18)
      if chunk.isEmpty { return }
      hash.update(chunk)
    }
  }
}
