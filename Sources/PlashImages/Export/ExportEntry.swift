internal import CPlashShims
internal import Glibc
internal import PlashRuntime

/// What is written about one file.
struct ExportEntry {
  let path: Bytes
  var kind: UInt8
  let mode: Int
  let user: Int
  let group: Int
  let seconds: Int
  let nanoseconds: Int
  let device: (major: Int, minor: Int)
  var target: Bytes = []
  var attributes: [ExtendedAttribute] = []
  /// Of a file's content, in bytes.
  var size: Int
  var sparse: SparseMap?

  init(path: Bytes, _ status: stat) {
    self.path = path
    kind = ExportEntry.kind(status.st_mode)
    mode = Int(status.st_mode & 0o7777)
    user = Int(status.st_uid)
    group = Int(status.st_gid)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
    size = status.st_mode & S_IFMT == S_IFREG ? status.st_size : 0
    let isDevice = kind == UInt8(ascii: "3") || kind == UInt8(ascii: "4")
    let number = isDevice ? status.st_rdev : 0
    device = (Int(plash_device_major(number)), Int(plash_device_minor(number)))
  }

  private static func kind(_ mode: mode_t) -> UInt8 {
    switch mode & S_IFMT {
    case S_IFLNK: UInt8(ascii: "2")
    case S_IFCHR: UInt8(ascii: "3")
    case S_IFBLK: UInt8(ascii: "4")
    case S_IFDIR: UInt8(ascii: "5")
    case S_IFIFO: UInt8(ascii: "6")
    default: UInt8(ascii: "0")
    }
  }
}
