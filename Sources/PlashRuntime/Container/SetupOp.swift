/// One step in setting up a container: a system call as a value. C performs it, also where Swift must not run (between
/// fork and exec). Slots name the descriptors; where one may be left out, nil is the current directory.
enum SetupOp: Equatable, Sendable {
  case openDirectory(Bytes, at: Slot?, into: Slot)
  case makeDirectory(Bytes, at: Slot)
  case makeFile(Bytes, at: Slot, text: Bytes)
  /// A detached copy of the mounts at a path of the host (open_tree).
  case cloneTree(Bytes, at: Slot?, into: Slot)
  /// Makes a detached copy of mounts read-only.
  case makeReadOnly(Slot)
  case openFileSystem(Bytes, into: Slot)
  case setFlag(Bytes, of: Slot)
  case setString(Bytes, of: Slot, to: Bytes)
  /// Gives the descriptor as `/proc/self/fd/N`.
  case setProcPath(Bytes, of: Slot, to: Slot)
  case mount(Slot, into: Slot)
  /// Attaches a mount to a path below a directory, or to the descriptor `to` itself if the path is empty.
  case attach(Slot, to: Slot?, path: Bytes)
  /// Mounts an overlay with mount(2); `%N` in the options stands for the descriptor in slot N.
  case mountOverlay(options: Bytes, source: Bytes, at: Slot, path: Bytes)
  /// Takes away the topmost mount at a path; what uses it keeps it.
  case detach(Bytes, at: Slot)
  /// Goes into another mount namespace; descriptors stay what they are.
  case enterMounts(Slot)
  /// Opens the place `path` inside a root file system, whose links cannot lead out of it; what is missing is made.
  case mountPoint(Bytes, in: Slot, isFile: Bool, into: Slot)
  /// Opens `path` inside a root file system. If it is not there: mounts the tree there, or without one takes the root.
  case workingDirectory(Bytes, in: Slot, tree: Slot?, into: Slot)
  case enterRoot(Slot)
  case changeDirectory(Slot)
  /// Has an inotify descriptor tell when the file system at `root` has gone.
  case watch(Slot, by: Slot)
  /// Lets what takes more ids than root's own succeed without effect, from now on and in all that follows.
  case emulateRoot

  /// The system call and the object to show when it fails.
  var description: (call: String, path: Bytes) {
    switch self {
    case .openDirectory(let path, _, _): ("open", path)
    case .makeDirectory(let path, _): ("mkdir", path)
    case .makeFile(let path, _, _): ("open", path)
    case .cloneTree(let path, _, _): ("open_tree", path)
    case .makeReadOnly: ("mount_setattr", [])
    case .openFileSystem(let type, _): ("fsopen", type)
    case .setFlag(let key, _): ("fsconfig", key)
    case .setString(let key, _, _): ("fsconfig", key)
    case .setProcPath(let key, _, _): ("fsconfig", key)
    case .mount: ("fsmount", [])
    case .attach(_, _, let path): ("move_mount", path)
    case .mountOverlay: ("mount", Bytes("overlay"))
    case .detach(let path, _): ("umount", path)
    case .enterMounts: ("setns", [])
    case .mountPoint(let path, _, _, _): ("mount point", Bytes("/") + path)
    case .workingDirectory(let path, _, _, _): ("chdir", path)
    case .enterRoot: ("chroot", [])
    case .changeDirectory: ("fchdir", [])
    case .watch: ("inotify_add_watch", [])
    case .emulateRoot: ("seccomp", [])
    }
  }
}
