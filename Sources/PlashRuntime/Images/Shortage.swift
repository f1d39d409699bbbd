internal import Glibc

/// What of a file system is used up.
public enum Shortage: Equatable, Sendable {
  /// Its space.
  case space
  /// Its inodes: it can hold no more files.
  case inodes
  /// What this user may have of it.
  case quota

  /// What a failure on the file system of `directory` tells of; nil if it is about something else.
  init?(_ error: SystemError, on directory: borrowing Descriptor) {
    switch error.code {
    case EDQUOT: self = .quota
    case ENOSPC: self = Shortage(on: directory) ?? .space
    default: return nil
    }
  }

  /// What the file system of `directory` has no more of now: less than 1 MiB, or no inode.
  init?(on directory: borrowing Descriptor) {
    var status = statvfs()
    guard fstatvfs(directory.number, &status) == 0 else { return nil }
    // A file system that makes inodes as it needs them says that it has none in all.
    if status.f_files > 0 && status.f_favail == 0 {
      self = .inodes
    } else if UInt64(status.f_bavail) * UInt64(status.f_frsize) < 1 << 20 {
      self = .space
    } else {
      return nil
    }
  }

  /// What is wrong with the file system of `path`, and what helps.
  public func words(_ path: Bytes) -> String {
    let fault =
      switch self {
      case .space: "no space left on \(path.printable)"
      case .inodes: "no inodes left on \(path.printable): it can hold no more files"
      case .quota: "your disk quota on \(path.printable) is used up"
      }
    return fault + "; `plash prune` and `plash rm` delete images"
  }
}
