internal import CPlashShims
public import Glibc

/// An open file, closed when this value ends.
public struct Descriptor: ~Copyable, Sendable {
  /// The number the kernel knows it by.
  public let number: Int32

  /// Takes over an open descriptor.
  public init(owning number: Int32) { self.number = number }

  deinit { close(number) }

  /// Leaves it open for the rest of the process's life.
  public consuming func kept() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// Opens `path` relative to `directory`, close-on-exec.
  public static func open(
    _ path: Bytes, at directory: Int32 = AT_FDCWD, _ flags: Int32 = O_RDONLY, mode: UInt32 = 0o666
  ) throws(SystemError) -> Descriptor {
    let number = try check("open", path, at: directory) {
      path.withCString { openat(directory, $0, flags | O_CLOEXEC, mode) }
    }
    return Descriptor(owning: number)
  }

  /// A second descriptor of standard input.
  public static func standardInput() throws(SystemError) -> Descriptor {
    Descriptor(owning: try check("dup") { fcntl(0, F_DUPFD_CLOEXEC, 3) })
  }

  /// Where the open file or directory of this number is, for people; nothing if that cannot be told.
  public static func path(of number: Int32) -> Bytes {
    (try? FileSystem.readLink(Bytes("/proc/self/fd/\(number)".utf8), at: AT_FDCWD)) ?? []
  }

  /// An empty anonymous file in memory.
  public static func memoryFile(_ name: StaticString) throws(SystemError) -> Descriptor {
    Descriptor(owning: try check("memfd_create") { Bytes(name).withCString { plash_memory_file($0) } })
  }

  /// All bytes of a file that can be read again, wherever it stands.
  public func readAllFromStart() throws(SystemError) -> Bytes {
    try check("lseek") { lseek(number, 0, SEEK_SET) }
    return try readAll()
  }

  /// All bytes from the current position to the end of the file.
  public func readAll() throws(SystemError) -> Bytes {
    var content = Bytes()
    var status = stat()
    var chunk = fstat(number, &status) == 0 && status.st_size > 0 ? Int(status.st_size) + 1 : 4096
    while true {
      let start = content.count
      content.append(contentsOf: repeatElement(0, count: chunk))
      let received = try check("read") {
        content.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress?.advanced(by: start), chunk) }
      }
      content.removeLast(chunk - received)
      // A copy has no more room than it takes; one of a slice that is all of an array would be the array itself.
      if received == 0 { return content.withUnsafeBufferPointer { Bytes($0) } }
      // The end, most likely: room for much would have to be filled with zeros first.
      chunk = max(content.count, 512)
    }
  }

  /// At most `count` bytes from the current position; none at the end of the file.
  public func read(upTo count: Int) throws(SystemError) -> Bytes {
    var chunk = Bytes(repeating: 0, count: count)
    let received = try check("read") { Glibc.read(number, &chunk, count) }
    chunk.removeLast(count - received)
    return chunk
  }

  /// Writes all of `content`.
  public func write(_ content: Bytes) throws(SystemError) { try FileSystem.write(content, to: number) }

  /// Waits until the file's own changes (of a directory: its entries) are on disk.
  public func flush() throws(SystemError) { try check("fsync") { fsync(number) } }

  /// Waits until everything in this file system is on disk. Reports write-back errors since this descriptor was opened.
  public func flushFileSystem() throws(SystemError) { try check("syncfs") { plash_syncfs(number) } }

  /// Locks the file for all users (shared) or for this one alone. Gives false if it would have to wait but must not, or
  /// not for longer than so many milliseconds. A signal that is caught ends the wait, with EINTR.
  @discardableResult
  public func lock(exclusive: Bool, waiting: Bool, milliseconds: Int = .max) throws(SystemError) -> Bool {
    let pause = 20
    var left = waiting ? milliseconds : 0
    let operation = (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB
    while flock(number, operation) != 0 {
      if errno != EWOULDBLOCK && errno != EINTR { throw .current("flock") }
      if left <= 0 && errno == EWOULDBLOCK { return false }
      // Asked again and again: a signal that came just before a call that waits would be noticed too late.
      if plash_caught_signal() != 0 { throw SystemError(call: "flock", code: EINTR) }
      poll(nil, 0, Int32(pause))
      left -= pause
    }
    return true
  }

  /// What fstat(2) says.
  public func status() throws(SystemError) -> stat {
    var status = stat()
    try check("fstat") { fstat(number, &status) }
    return status
  }

  /// The directory that this one is in: the one that `expected` tells of, or an error if this one was moved meanwhile.
  /// So a walk through a tree takes no descriptor for each level.
  public consuming func parent(_ expected: stat) throws(SystemError) -> Descriptor {
    let parent = try Descriptor.open(Bytes(".."), at: number, O_RDONLY | O_DIRECTORY)
    let found = try parent.status()
    if found.st_dev == expected.st_dev, found.st_ino == expected.st_ino { return parent }
    throw SystemError(call: "open", path: Bytes(".."), code: ESTALE)
  }

  /// Whether this directory is the other one, or lies in it, however deep.
  func isBelow(_ other: borrowing Descriptor) throws(SystemError) -> Bool {
    let wanted = try other.status()
    var (path, last) = (Bytes("."), stat())
    while true {
      let status = try FileSystem.status(path, at: number)
      if (status.st_dev, status.st_ino) == (wanted.st_dev, wanted.st_ino) { return true }
      // The top of all is in itself.
      if (status.st_dev, status.st_ino) == (last.st_dev, last.st_ino) { return false }
      last = status
      path += Bytes("/..")
    }
  }

  /// The names in this directory, without `.` and `..`, in no order.
  public func entries() throws(SystemError) -> [Bytes] {
    let copy = try check("open", at: number) { openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let stream = fdopendir(copy) else {
      let error = SystemError.current("opendir")
      close(copy)
      throw error
    }
    defer { closedir(stream) }
    var names: [Bytes] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { Bytes(cString: $0) }
      }
      if name != Bytes(".") && name != Bytes("..") { names.append(name) }
      errno = 0
    }
    let code = errno
    if code != 0 { throw SystemError(call: "readdir", path: Self.path(of: number), code: code) }
    return names
  }
}
