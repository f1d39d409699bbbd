internal import CPlashShims
internal import Glibc

/// The process that makes the folder for the changes of a run on disk, and deletes it after the run: see `DiskChanges`.
/// It is started with the data directory and the workspace's name as arguments, an inotify descriptor as 3, the reading
/// end of a pipe as 4 and the writing end of another one as 5.
public enum Reaper {
  static let ready = Bytes("ready")

  /// Does the work and ends the process.
  public static func run(_ arguments: [Bytes]) -> Never {
    // Whoever reads from 5 may be dead by now.
    signal(SIGPIPE, SIG_IGN)
    guard arguments.count == 3 else { exit(2) }
    let workspace: Workspace
    do throws(SystemError) {
      try check("unshare") { plash_unshare_mounts() }
      try check("fork") { plash_detach() }
      workspace = try makeWorkspace(arguments[2], in: arguments[1])
    } catch {
      try? FileSystem.write(Bytes("\(error.code) \(error.call) ".utf8) + error.path, to: 5)
      exit(1)
    }
    try? FileSystem.write(ready, to: 5)
    close(5)
    // A byte tells that the watch is in place; the end of the file, that the caller has become the program or died.
    var byte: UInt8 = 0
    var isWatching = false
    while read(4, &byte, 1) == 1 { isWatching = true }
    if isWatching { waitForUnmount() }
    try? workspace.remove()
    exit(0)
  }

  private static func makeWorkspace(_ name: Bytes, in store: Bytes) throws(SystemError) -> Workspace {
    let workspace = try Workspace.make(name, in: try Descriptor.open(store, O_RDONLY | O_DIRECTORY)) { _ in }
    do throws(SystemError) {
      try workspace.makeLayer()
      try FileSystem.makeDirectory(Bytes("work"), at: workspace.folder.number, mode: 0o700)
    } catch {
      try? workspace.remove()
      throw error
    }
    return workspace
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
