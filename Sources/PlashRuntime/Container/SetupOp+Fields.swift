internal import CPlashShims
internal import Glibc

/// The fields of a step as C takes them; a slot that is left out is -1.
struct SetupFields {
  let kind: plash_op_kind
  var at: Int32 = -1
  var other: Int32 = -1
  var into: Int32 = -1
  var flags: UInt64 = 0
  var path: Bytes?
  var value: Bytes?
  var source: Bytes?
}

/// From <linux/mount.h>, which Swift cannot import.
private let openTreeClone: UInt64 = 1
private let recursive: UInt64 = 0x8000

extension SetupOp {
  private static let closeOnExec = UInt64(O_CLOEXEC)

  var fields: SetupFields {
    switch self {
    case .openDirectory(let path, let at, let into):
      SetupFields(kind: PLASH_OP_OPEN_DIRECTORY, at: at?.index ?? -1, into: into.index, path: path)
    case .makeDirectory(let path, let at):
      SetupFields(kind: PLASH_OP_MAKE_DIRECTORY, at: at.index, flags: 0o755, path: path)
    case .makeFile(let path, let at, let text):
      SetupFields(kind: PLASH_OP_MAKE_FILE, at: at.index, path: path, value: text)
    case .cloneTree(let path, let at, let into):
      SetupFields(
        kind: PLASH_OP_OPEN_TREE, at: at?.index ?? -1, into: into.index,
        flags: openTreeClone | recursive | Self.closeOnExec, path: path)
    case .makeReadOnly(let tree): SetupFields(kind: PLASH_OP_READ_ONLY, at: tree.index)
    case .openFileSystem(let type, let into):
      SetupFields(kind: PLASH_OP_FS_OPEN, into: into.index, path: type)
    case .setFlag(let key, let context):
      SetupFields(kind: PLASH_OP_FS_FLAG, at: context.index, path: key)
    case .setString(let key, let context, let value):
      SetupFields(kind: PLASH_OP_FS_STRING, at: context.index, path: key, value: value)
    case .setProcPath(let key, let context, let slot):
      SetupFields(kind: PLASH_OP_FS_PROC_PATH, at: context.index, other: slot.index, path: key)
    case .mount(let context, let into):
      SetupFields(kind: PLASH_OP_FS_MOUNT, at: context.index, into: into.index)
    case .attach(let mount, let to, let path):
      SetupFields(kind: PLASH_OP_MOVE_MOUNT, at: mount.index, other: to?.index ?? -1, path: path)
    case .mountOverlay(let options, let source, let at, let path):
      SetupFields(kind: PLASH_OP_OVERLAY_OPTIONS, at: at.index, path: path, value: options, source: source)
    case .detach(let path, let at): SetupFields(kind: PLASH_OP_DETACH, at: at.index, path: path)
    case .enterMounts(let namespace): SetupFields(kind: PLASH_OP_ENTER_MOUNTS, at: namespace.index)
    case .mountPoint(let path, let root, let isFile, let into):
      SetupFields(
        kind: PLASH_OP_MOUNT_POINT, at: root.index, into: into.index, flags: isFile ? UInt64(PLASH_POINT_FILE) : 0,
        path: path)
    case .workingDirectory(let path, let root, let tree, let into):
      SetupFields(
        kind: PLASH_OP_WORKING_DIRECTORY, at: root.index, other: tree?.index ?? -1, into: into.index, path: path)
    case .enterRoot(let root): SetupFields(kind: PLASH_OP_CHROOT, at: root.index)
    case .changeDirectory(let directory): SetupFields(kind: PLASH_OP_FCHDIR, at: directory.index)
    case .watch(let root, let inotify): SetupFields(kind: PLASH_OP_WATCH, at: inotify.index, other: root.index)
    case .emulateRoot: SetupFields(kind: PLASH_OP_EMULATE_ROOT)
    }
  }
}
