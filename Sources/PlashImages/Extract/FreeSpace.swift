internal import Glibc

/// Watches that an import or a download leaves room on the disk.
struct FreeSpace {
  private static let interval = 64 << 20

  private let directory: Int32
  private let reserve: Int
  private var next = FreeSpace.interval

  /// Leaves `bytes` free, or what is reasonable for the disk: see `ExtractionLimits`.
  init(of directory: Int32, keeping bytes: Int?) throws(ImportError) {
    self.directory = directory
    let status = try FreeSpace.status(directory)
    let size = Int(status.f_blocks) * Int(status.f_frsize)
    reserve = bytes ?? min(max(512 << 20, size / 100 * 3), size / 10)
  }

  /// To be called before anything is written. An archive in a file takes about its size on the disk, or more if it is packed.
  func check(beforeUnpacking archive: Int32) throws(ImportError) {
    var status = stat()
    try call("fstat") { fstat(archive, &status) }
    try check(leavingFor: status.st_mode & S_IFMT == S_IFREG ? status.st_size : 0)
  }

  /// To be called with the number of bytes written so far; looks at the disk once in a while.
  mutating func check(after bytes: Int) throws(ImportError) {
    if bytes < next { return }
    next = bytes + FreeSpace.interval
    try check(leavingFor: 0)
  }

  /// To be called before so many bytes are written.
  func check(leavingFor bytes: Int) throws(ImportError) {
    let status = try FreeSpace.status(directory)
    if Int(status.f_bavail) * Int(status.f_frsize) - bytes < reserve { throw .tooMuch(.freeSpace, reserve) }
  }

  private static func status(_ directory: Int32) throws(ImportError) -> statvfs {
    var status = statvfs()
    try call("fstatvfs") { fstatvfs(directory, &status) }
    return status
  }
}
