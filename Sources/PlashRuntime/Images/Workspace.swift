internal import Glibc

/// A folder in the store's `tmp/` for what is not finished. It is alive as long as its lock file is locked, whoever
/// holds the lock: process numbers mean nothing to another pid namespace.
public struct Workspace: ~Copyable {
  /// Its name in `tmp/`.
  let name: Bytes
  /// The folder.
  public let folder: Descriptor
  private let temporary: Descriptor
  private let lock: Descriptor

  private init(name: Bytes, folder: consuming Descriptor, temporary: consuming Descriptor, lock: consuming Descriptor) {
    self.name = name
    self.folder = folder
    self.temporary = temporary
    self.lock = lock
  }

  /// Makes the folder `name` in `tmp` of the data directory `root`, the lock first: a folder whose lock is free is
  /// garbage, also one of this name. `waiting` is called with the pid of the process that is at work under this name, if
  /// it still is after a while; `clearing` before garbage is deleted.
  static func make(
    _ name: Bytes, in root: borrowing Descriptor, waiting: (Bytes) -> Void,
    clearing: () throws(SystemError) -> Void = {}
  ) throws(SystemError) -> Workspace {
    let made = try make(name, in: root, waiting: waiting, clearing: clearing) { _ in false }
    guard let workspace = made else {
      preconditionFailure("an answer that nobody asked for")
    }
    return workspace
  }

  /// The same, or nil: this process waited for one that left an answer (`remove(answering:)`), and `answered` says that
  /// it is enough.
  static func make(
    _ name: Bytes, in root: borrowing Descriptor, waiting: (Bytes) -> Void,
    clearing: () throws(SystemError) -> Void = {}, answered: (Bytes) -> Bool
  ) throws(SystemError) -> Workspace? {
    let temporary = try Descriptor.open(Bytes("tmp"), at: root.number, O_RDONLY | O_DIRECTORY)
    guard let lock = try makeLock(name + Bytes(".lock"), in: temporary, waiting: waiting, answered: answered) else {
      return nil
    }
    try removeLeftover(name, in: temporary, waiting: waiting, clearing: clearing)
    try FileSystem.makeDirectory(name, at: temporary.number, mode: 0o700)
    let folder = try Descriptor.open(name, at: temporary.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try folder.lock(exclusive: true, waiting: true)
    return Workspace(name: name, folder: folder, temporary: temporary, lock: lock)
  }

  /// The file may be removed before it is locked, by its last owner or by who clears `tmp`: then it is made again.
  private static func makeLock(
    _ name: Bytes, in temporary: borrowing Descriptor, waiting: (Bytes) -> Void, answered: (Bytes) -> Bool
  ) throws(SystemError) -> Descriptor? {
    while true {
      let flags = O_RDWR | O_CREAT | O_NOFOLLOW
      let file = try Descriptor.open(name, at: temporary.number, flags, mode: 0o600)
      try file.lockForAWhile { waiting(lines(of: file).first ?? []) }
      if try file.status().st_nlink == 0 {
        if let answer = lines(of: file).dropFirst().first, answered(answer) { return nil }
        continue
      }
      // For the words of who waits: whether this process is alive, the lock tells.
      try check("ftruncate") { ftruncate(file.number, 0) }
      try file.write(Bytes("\(getpid())".utf8))
      return file
    }
  }

  /// The pid of whom the lock is, and perhaps an answer.
  private static func lines(of lock: borrowing Descriptor) -> [Bytes] {
    ((try? lock.readAllFromStart()) ?? []).split(separator: 0x0A).map { Bytes($0) }
  }

  /// Its maker has locked the folder as well: the lock file could be deleted by hand while it is at work.
  private static func removeLeftover(
    _ name: Bytes, in temporary: borrowing Descriptor, waiting: (Bytes) -> Void,
    clearing: () throws(SystemError) -> Void
  ) throws(SystemError) {
    guard FileSystem.exists(name, at: temporary.number) else { return }
    let folder = try? Descriptor.open(name, at: temporary.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    if let folder { try folder.lockForAWhile { waiting([]) } }
    try clearing()
    try FileSystem.removeTree(name, at: temporary.number)
  }

  /// Makes the folder of the layer under way, `data`, with an empty root file system of mode 0755 whatever the umask.
  public borrowing func makeLayer() throws(SystemError) {
    for path in ["data", "data/root"].map({ Bytes($0.utf8) }) {
      try FileSystem.makeDirectory(path, at: folder.number, mode: 0o755)
      try FileSystem.changeMode(path, at: folder.number, to: 0o755)
    }
  }

  /// The layer's root file system, open.
  public borrowing func openLayerRoot() throws(SystemError) -> Descriptor {
    try Descriptor.open(Self.layerRoot, at: folder.number, O_RDONLY | O_DIRECTORY)
  }

  /// The folder of the layer under way, with the lock that a hold on its image has.
  borrowing func lockLayer() throws(SystemError) -> Descriptor {
    let data = try Descriptor.open(Bytes("data"), at: folder.number, O_RDONLY | O_DIRECTORY)
    try data.lock(exclusive: false, waiting: true)
    return data
  }

  /// The absolute path of the folder.
  public borrowing func path(in store: ImageStore) -> Bytes { store.absolute(Bytes("tmp/") + name) }

  /// The path of the layer's root file system, from the folder.
  static let layerRoot = Bytes("data/root")

  /// The same, and those who wait for this lock meanwhile get an answer, a line: they need not do the work again.
  public consuming func remove(answering answer: Bytes) throws(SystemError) {
    // On a full disk there is none.
    try? lock.write([0x0A] + answer)
    try remove()
  }

  /// Deletes the folder with all that is in it, the lock last.
  public consuming func remove() throws(SystemError) {
    try FileSystem.removeTree(name, at: temporary.number)
    try FileSystem.removeTree(name + Bytes(".lock"), at: temporary.number)
  }
}

extension Descriptor {
  /// Locks the file for this one alone. `waiting` is called once if that takes more than two seconds.
  fileprivate borrowing func lockForAWhile(waiting: () -> Void) throws(SystemError) {
    if try lock(exclusive: true, waiting: true, milliseconds: 2000) { return }
    waiting()
    try lock(exclusive: true, waiting: true)
  }
}
