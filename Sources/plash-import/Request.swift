import Glibc
import PlashRuntime

/// What is asked for, beyond what the arguments say.
enum Request {
  /// Reads the words and empties the file, which then is for what is wrong. Nil: it is none of plash's.
  static func take(from number: Int32) -> [Bytes]? {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0, let content = try? Descriptor(owning: copy).readAllFromStart() else { return nil }
    guard ftruncate(number, 0) == 0, lseek(number, 0, SEEK_SET) == 0 else { return nil }
    return content.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Bytes($0) }
  }
}
