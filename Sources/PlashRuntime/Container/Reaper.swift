internal import CPlashShims
internal import Glibc

/// The process that deletes the changes of a run from disk after it: see `DiskChanges`. It is started with the data
/// directory and the workspace's name as arguments, an inotify descriptor as 3 and the reading end of a pipe as 4.
public enum Reaper {
  /// Does the work and ends the process.
  public static func run(_ arguments: [Bytes]) -> Never {
    guard arguments.count == 3, plash_unshare_mounts() == 0, plash_detach() == 0 else { exit(1) }
    // A byte tells that the watch is in place; the end of the file, that the caller has become the program or died.
    var byte: UInt8 = 0
    var isWatching = false
    while read(4, &byte, 1) == 1 { isWatching = true }
    if isWatching { waitForUnmount() }
    guard let temporary = try? Descriptor.open(arguments[1] + Bytes("/tmp"), O_RDONLY | O_DIRECTORY) else { exit(1) }
    try? FileSystem.removeTree(arguments[2], at: temporary.number)
    try? FileSystem.removeTree(arguments[2] + Bytes(".lock"), at: temporary.number)
    exit(0)
  }

  /// The kernel reports IN_UNMOUNT, then IN_IGNORED, when the last mount of the watched file system goes.
  private static func waitForUnmount() {
    var events = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(3, &events, events.count)
      if count > 0 || (count < 0 && errno != EINTR) { return }
    }
  }
}
