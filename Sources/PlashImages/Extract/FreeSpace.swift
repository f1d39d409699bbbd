internal import Glibc

/// Watches that an import leaves room on the disk.
struct FreeSpace {
  private static let interval = 64 << 20

  private let directory: Int32
  private let reserve: Int
  private var next = FreeSpace.interval

  /// Leaves `bytes` free, or 3 % of the disk if that is more; on small disks a tenth is enough.
  init(of directory: Int32, keeping bytes: Int) throws(ImportError) {
    self.directory = directory
    let status = try FreeSpace.status(directory)
    let size = Int(status.f_blocks) * Int(status.f_frsize)
    reserve = min(max(bytes, size / 100 * 3), size / 10)
  }

  /// To be called with the number of bytes unpacked so far; looks at the disk once in a while.
  mutating func check(after bytes: Int) throws(ImportError) {
    if bytes < next { return }
    next = bytes + FreeSpace.interval
    let status = try FreeSpace.status(directory)
    if Int(status.f_bavail) * Int(status.f_frsize) < reserve { throw .tooMuch(.freeSpace, reserve) }
  }

  private static func status(_ directory: Int32) throws(ImportError) -> statvfs {
    var status = statvfs()
    try call("fstatvfs") { fstatvfs(directory, &status) }
    return status
  }
}
