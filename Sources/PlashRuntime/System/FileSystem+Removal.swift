internal import CPlashShims
internal import Glibc

extension FileSystem {
  /// Deletes the file or the whole tree at `path`. What is already gone is fine. Directories that lock their owner out
  /// are opened up first, and what is mounted in it is an error.
  public static func removeTree(_ path: Bytes, at directory: Int32) throws(SystemError) {
    if try removeFile(path, at: directory) { return }
    guard let opened = try openForRemoval(path, at: directory) else { return }
    try empty(opened)
    try removeEmptied(path, at: directory)
  }

  /// Deletes all that is in the directory `path`, the same way.
  static func removeContent(of path: Bytes) throws(SystemError) {
    try empty(openWritable(path, at: AT_FDCWD))
  }

  /// Gives false if there is a directory.
  private static func removeFile(_ path: Bytes, at directory: Int32) throws(SystemError) -> Bool {
    do {
      // Its whole path takes a look of its own, which is not made for each directory.
      try check("unlink", path) { path.withCString { unlinkat(directory, $0, 0) } }
    } catch  where error.code == ENOENT {
    } catch  where error.code == EISDIR || error.code == EPERM {
      return false
    } catch {
      throw error.from(directory)
    }
    return true
  }

  private static func removeEmptied(_ path: Bytes, at directory: Int32) throws(SystemError) {
    do {
      try remove(path, at: directory, isDirectory: true)
    } catch  where error.code == ENOENT {}
  }

  /// A directory that is being emptied, and what is left to look at in it.
  private struct Level {
    let name: Bytes
    let status: stat
    var names: [Bytes]
  }

  /// However deep it is: one directory is open at a time, and nothing is on the stack.
  private static func empty(_ top: consuming Descriptor) throws(SystemError) {
    var directory = top
    var levels = [Level(name: [], status: try directory.status(), names: try directory.entries())]
    while let last = levels.indices.last {
      if let name = levels[last].names.popLast() {
        if try removeFile(name, at: directory.number) { continue }
        guard let child = try openForRemoval(name, at: directory.number) else { continue }
        directory = child
        levels.append(Level(name: name, status: try directory.status(), names: try directory.entries()))
      } else {
        let emptied = levels.removeLast()
        guard let parent = levels.last else { return }
        directory = try directory.parent(parent.status)
        try removeEmptied(emptied.name, at: directory.number)
      }
    }
  }

  /// Nil if somebody else has just deleted it.
  private static func openForRemoval(_ path: Bytes, at directory: Int32) throws(SystemError) -> Descriptor? {
    do {
      return try openWritable(path, at: directory)
    } catch  where error.code == ENOENT {
      return nil
    }
  }

  private static func openWritable(_ path: Bytes, at directory: Int32) throws(SystemError) -> Descriptor {
    let opened = try openUnlocking(path, at: directory)
    if plash_is_mount_root(opened.number) { throw SystemError(call: "rmdir", path: path, code: EBUSY).from(directory) }
    let mode = try opened.status().st_mode
    if mode & 0o300 != 0o300 { try check("chmod", path, at: directory) { fchmod(opened.number, mode | 0o700) } }
    return opened
  }

  private static func openUnlocking(_ path: Bytes, at directory: Int32) throws(SystemError) -> Descriptor {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    do {
      return try Descriptor.open(path, at: directory, flags)
    } catch  where error.code == EACCES {
      try check("chmod", path, at: directory) { path.withCString { fchmodat(directory, $0, 0o700, 0) } }
    }
    return try Descriptor.open(path, at: directory, flags)
  }
}
