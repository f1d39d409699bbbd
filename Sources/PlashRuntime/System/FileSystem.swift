internal import CPlashShims
public import Glibc

/// One thin wrapper per call. Paths are relative to the descriptor `directory`; links at their end are not followed.
public enum FileSystem {
  /// mkdirat(2): the mode is subject to the umask.
  public static func makeDirectory(_ path: Bytes, at directory: Int32, mode: UInt32) throws(SystemError) {
    try check("mkdir", path, at: directory) { path.withCString { mkdirat(directory, $0, mode) } }
  }

  /// mkdirat(2): a directory with this mode, whatever the umask; one that is there already is left as it is.
  public static func makeDirectoryIfMissing(
    _ path: Bytes, at directory: Int32 = AT_FDCWD, mode: UInt32
  ) throws(SystemError) {
    do {
      try makeDirectory(path, at: directory, mode: mode)
      try changeMode(path, at: directory, to: mode)
    } catch  where error.code == EEXIST {}
  }

  /// symlinkat(2): makes `path` a link that says `target`.
  public static func makeLink(_ path: Bytes, at directory: Int32, to target: Bytes) throws(SystemError) {
    try check("symlink", path, at: directory) {
      target.withCString { target in path.withCString { symlinkat(target, directory, $0) } }
    }
  }

  /// linkat(2): a second name for a file; of a link, the link itself.
  static func makeHardLink(
    _ path: Bytes, at directory: Int32, to file: Bytes, at fileDirectory: Int32
  ) throws(SystemError) {
    try check("link", path, at: directory) {
      file.withCString { file in path.withCString { linkat(fileDirectory, file, directory, $0, 0) } }
    }
  }

  /// mknodat(2): a FIFO, a socket or a device.
  static func makeNode(_ path: Bytes, at directory: Int32, mode: UInt32, device: dev_t) throws(SystemError) {
    try check("mknod", path, at: directory) { path.withCString { mknodat(directory, $0, mode, device) } }
  }

  /// fchownat(2), of a link the link's own.
  static func changeOwner(_ path: Bytes, at directory: Int32, to user: uid_t, _ group: gid_t) throws(SystemError) {
    try check("chown", path, at: directory) {
      path.withCString { fchownat(directory, $0, user, group, AT_SYMLINK_NOFOLLOW) }
    }
  }

  /// utimensat(2), of a link the link's own: the times that `status` tells.
  static func setTimes(_ path: Bytes, at directory: Int32, to status: stat) throws(SystemError) {
    let times = [status.st_atim, status.st_mtim]
    try check("utimensat", path, at: directory) {
      path.withCString { utimensat(directory, $0, times, AT_SYMLINK_NOFOLLOW) }
    }
  }

  /// readlinkat(2): what the link says.
  public static func readLink(_ path: Bytes, at directory: Int32) throws(SystemError) -> Bytes {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = try check("readlink", path, at: directory) {
      path.withCString { readlinkat(directory, $0, &target, target.count) }
    }
    return target[..<length].map { UInt8(bitPattern: $0) }
  }

  /// fchmodat(2).
  public static func changeMode(_ path: Bytes, at directory: Int32, to mode: UInt32) throws(SystemError) {
    try check("chmod", path, at: directory) { path.withCString { fchmodat(directory, $0, mode, 0) } }
  }

  /// unlinkat(2): removes a file, a link or an empty directory.
  public static func remove(_ path: Bytes, at directory: Int32, isDirectory: Bool = false) throws(SystemError) {
    try check(isDirectory ? "rmdir" : "unlink", path, at: directory) {
      path.withCString { unlinkat(directory, $0, isDirectory ? AT_REMOVEDIR : 0) }
    }
  }

  /// Replaces what is at `newPath`.
  public static func rename(_ path: Bytes, at directory: Int32, to newPath: Bytes, at newDirectory: Int32)
    throws(SystemError)
  {
    try check("rename", path, at: directory) {
      path.withCString { old in newPath.withCString { renameat(directory, old, newDirectory, $0) } }
    }
  }

  /// Fails with EEXIST if there is something at `newPath`: a plain rename would replace an empty directory silently.
  public static func renameWithoutReplacing(
    _ path: Bytes, at directory: Int32, to newPath: Bytes, at newDirectory: Int32
  ) throws(SystemError) {
    try check("rename", newPath, at: newDirectory) {
      path.withCString { old in
        newPath.withCString { plash_rename_without_replacing(directory, old, newDirectory, $0) }
      }
    }
  }

  static func status(_ path: Bytes, at directory: Int32) throws(SystemError) -> stat {
    var status = stat()
    try check("stat", path, at: directory) { path.withCString { fstatat(directory, $0, &status, AT_SYMLINK_NOFOLLOW) } }
    return status
  }

  /// Whether something that this process can reach is at `path`; links are followed.
  public static func exists(_ path: Bytes, at directory: Int32 = AT_FDCWD) -> Bool {
    path.withCString { faccessat(directory, $0, F_OK, AT_EACCESS) == 0 }
  }

  /// Whether the program at `path` can be executed.
  public static func isExecutable(_ path: Bytes) -> Bool {
    path.withCString { faccessat(AT_FDCWD, $0, X_OK, AT_EACCESS) == 0 }
  }

  /// Whether `path` can be read by this process.
  public static func isReadable(_ path: Bytes) -> Bool {
    path.withCString { faccessat(AT_FDCWD, $0, R_OK, AT_EACCESS) == 0 }
  }

  /// Whether things can be made in the directory at `path`.
  static func isWritableDirectory(_ path: Bytes) -> Bool {
    guard case .directory = try? kind(of: path, followingLink: true) else { return false }
    return path.withCString { faccessat(AT_FDCWD, $0, W_OK | X_OK, AT_EACCESS) == 0 }
  }

  /// chdir(2).
  public static func changeDirectory(_ path: Bytes) throws(SystemError) {
    try check("chdir", path) { path.withCString { chdir($0) } }
  }

  /// The space that this user can still fill in the file system at `path`, in bytes.
  public static func freeBytes(at path: Bytes) throws(SystemError) -> UInt64 {
    var status = statvfs()
    try check("statvfs", path) { path.withCString { statvfs($0, &status) } }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize)
  }

  /// What is at a path.
  public enum Kind: Equatable, Sendable {
    /// A regular file and its permission bits.
    case file(mode: UInt32)
    /// A directory and its permission bits.
    case directory(mode: UInt32)
    /// A symbolic link.
    case link
    /// A device, a pipe, a socket.
    case other
  }

  /// The kind of what is at `path`.
  public static func kind(of path: Bytes, followingLink: Bool) throws(SystemError) -> Kind {
    var status = stat()
    let flags = followingLink ? 0 : AT_SYMLINK_NOFOLLOW
    try check("stat", path) { path.withCString { fstatat(AT_FDCWD, $0, &status, flags) } }
    let mode = status.st_mode & 0o7777
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file(mode: mode)
    case S_IFDIR: return .directory(mode: mode)
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// Whether a new file may take the place of what is at `path`: nothing, or a regular file. Devices, FIFOs and what links
  /// lead to are written to as they are.
  public static func isReplaceable(_ path: Bytes) -> Bool {
    switch try? kind(of: path, followingLink: false) {
    case .file: true
    case nil: !path.isEmpty
    case .directory, .link, .other: false
    }
  }

  /// All of standard input.
  public static func standardInput() throws(SystemError) -> Bytes {
    try Descriptor.standardInput().readAll()
  }

  /// Writes all of `content` to an open descriptor.
  public static func write(_ content: Bytes, to descriptor: Int32) throws(SystemError) {
    var start = 0
    while start < content.count {
      start += try check("write") {
        content.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start) }
      }
    }
  }

  /// The content of the file at `path`; links are followed.
  public static func content(of path: Bytes, at directory: Int32 = AT_FDCWD) throws(SystemError) -> Bytes {
    do {
      // In the store nothing is a FIFO, which would be waited for; a Plashfile may be one.
      let flags = directory == AT_FDCWD ? O_RDONLY : O_RDONLY | O_NONBLOCK
      return try Descriptor.open(path, at: directory, flags).readAll()
    } catch {
      throw error.below(path).from(directory)
    }
  }

  /// The absolute current directory, or nil if it was removed or cannot be named.
  public static func currentDirectory() -> Bytes? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard let path = getcwd(&buffer, buffer.count), path.pointee == 0x2F else { return nil }
    return Bytes(cString: path)
  }

  /// The path as it is from the root, without links being followed. No path is no directory, not the current one.
  public static func absolute(_ path: Bytes) throws(SystemError) -> Bytes {
    if path.isEmpty { throw SystemError(call: "open", path: Bytes("''"), code: ENOENT) }
    if path.first == 0x2F { return path }
    guard let directory = currentDirectory() else { throw SystemError(call: "getcwd", code: ENOENT) }
    return directory + [0x2F] + path
  }

  /// The same path without slashes at its end, with which a link would be what it leads to.
  static func withoutSlashAtEnd(_ path: Bytes) -> Bytes {
    Bytes(path[...(path.lastIndex { $0 != 0x2F } ?? 0)])
  }
}
