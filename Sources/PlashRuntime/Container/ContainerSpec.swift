internal import Glibc

/// What a container consists of.
public struct ContainerSpec: Sendable {
  /// Where the changes of the container go.
  public enum Changes: Equatable, Sendable {
    /// Into memory: gone with the container, whatever ends it.
    case memory
    /// Into `node/_data/root` of the workspace `tmp/name`, which also has a `work` folder.
    case workspace(name: Bytes)
    /// Into two folders of the host, absolute paths in one file system: files and the kernel's scratch space.
    case folders(files: Bytes, work: Bytes)

    /// Mount options. What is thrown away or flushed as a whole later needs no flushing by the overlay (`volatile`). What
    /// is kept must not be used by two at once: with `index` the kernel refuses that.
    var options: [(key: Bytes, value: Bytes?)] {
      switch self {
      case .memory: []
      case .workspace: [(Bytes("volatile"), nil)]
      case .folders: [(Bytes("index"), Bytes("on"))]
      }
    }
  }

  /// Absolute path of the data directory.
  let store: Bytes
  /// What lists of mounts show as the source of the root.
  let mountName: Bytes
  /// The root file system: an image of the store.
  let image: Image
  /// Where changes go.
  public var changes: Changes
  /// What of the host is seen inside.
  public var mounts: [HostMount]
  /// A `/proc` of the container's own pid namespace, where the kernel allows it; else it must be among `mounts`.
  public var ownProc = false
  /// The directory to start in; it is kept if the image has it. Nil: the root.
  public var workingDirectory: Bytes?
  /// Whether a working directory that the image does not have is mounted from the host.
  public var mapsWorkingDirectory = false
  /// The root file system is mounted here, an absolute path, and not entered. Nil: it becomes this process's root.
  public var mountPoint: Bytes?
  /// The mount point is the caller's. Nil: it is in this process's mount namespace.
  public var caller: CallersMounts?
  /// The users and groups that there are: those of the user namespace that this process is in, or is about to make.
  public let ids: IDMapping
  /// Tells by inotify when the container's root file system has gone.
  var watcher: Int32?
  /// Who waits for the container to begin reads from the other end of this pipe.
  var lifeline: Int32?

  /// A container on `image` of `store`.
  public init(store: ImageStore, image: Image, changes: Changes, mounts: [HostMount], ids: IDMapping) {
    self.store = store.path
    mountName = store.mountName(of: image)
    self.image = image
    self.changes = changes
    self.mounts = mounts
    self.ids = ids
  }
}
