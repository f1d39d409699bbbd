internal import CPlashShims
internal import Glibc
internal import PlashRuntime

extension Attributes {
  /// Gives all but the extended ones to an open file or directory, owner first: a change of owner takes setuid bits and
  /// capabilities away.
  func apply(to number: Int32) throws(ImportError) {
    // What this process makes is root's.
    if user != 0 || group != 0 { try call("fchown") { fchown(number, user, group) } }
    try call("fchmod") { fchmod(number, mode) }
    var times = fileTimes
    try call("futimens") { futimens(number, &times) }
  }

  /// Gives an open file or directory the extended ones, and forgets those that its file system refuses. This comes after a
  /// change of owner.
  /// - Returns: how many it refused.
  mutating func applyExtended(to number: Int32) -> Int {
    let wanted = extended.count
    extended.removeAll { !$0.set(on: number) }
    return wanted - extended.count
  }

  /// Gives owner and times to what cannot be opened: a link or a FIFO.
  func apply(to name: Bytes, at directory: Int32) throws(ImportError) {
    if user != 0 || group != 0 {
      try call("fchownat", name) {
        name.withCString { fchownat(directory, $0, user, group, AT_SYMLINK_NOFOLLOW) }
      }
    }
    var times = fileTimes
    try call("utimensat", name) { name.withCString { utimensat(directory, $0, &times, AT_SYMLINK_NOFOLLOW) } }
  }

  private var fileTimes: [timespec] {
    [
      timespec(tv_sec: 0, tv_nsec: PLASH_UTIME_OMIT),
      timespec(tv_sec: time.seconds, tv_nsec: time.nanoseconds),
    ]
  }
}

extension ExtendedAttribute {
  /// False: this file system, or this user namespace, does not allow it.
  fileprivate func set(on number: Int32) -> Bool {
    name.withCString { plash_set_attribute(number, $0, value, value.count) } == 0
  }
}
