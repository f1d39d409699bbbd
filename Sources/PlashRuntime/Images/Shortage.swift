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
    case ENOSPC:
      var status = statvfs()
      // A file system that makes inodes as it needs them says that it has none in all.
      let hasNone = fstatvfs(directory.number, &status) == 0 && status.f_files > 0 && status.f_favail == 0
      self = hasNone ? .inodes : .space
    default: return nil
    }
  }
}
