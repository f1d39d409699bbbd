internal import CPlashShims
internal import Glibc

/// The data directory: layers, their names, the cache and what is under way.
///
/// ```
/// layer/0/1/2/_data/root   files of layer 2, whose parent is 1; removing a folder removes its descendants
/// data/2                   what _data is a link to: an overlay of nested folders would take quadratic time to mount
/// index/2                  link to the layer
/// map/NAME, key/KEY        links to layers: names that users give, the cache
/// tmp/                     what is not finished, each with a lock file
/// id_counter               one byte for each id given out
/// ```
public final class ImageStore: Sendable {
  /// The absolute path.
  public let path: Bytes
  let root: Descriptor
  /// Device and inode of the data directory: the same in every mount namespace.
  let identity: String

  /// All that there may be in a data directory. `lost+found` is what the top of a disk has.
  static let names = Set(
    ["layer", "data", "map", "key", "tmp", "index", "download", "id_counter", "lost+found"].map { Bytes($0.utf8) })

  static let folders = ["layer", "layer/0", "data", "map", "key", "tmp", "index"].map { Bytes($0.utf8) }

  /// Opens the store at `path`, which is made if it is missing. Its owner must be this process's user and alone have
  /// access to it.
  public init(path: Bytes) throws(StoreError) {
    var absolute = path
    do throws(SystemError) {
      absolute = FileSystem.withoutSlashAtEnd(try FileSystem.absolute(path))
      root = try Self.openOrMake(absolute)
    } catch {
      throw .system(SystemError(call: error.call, path: absolute, code: error.code))
    }
    self.path = absolute
    let status = try root.statusOfStore()
    identity = "\(String(status.st_dev, radix: 16))-\(String(status.st_ino, radix: 16))"
    try Self.checkAccess(status, absolute)
    // `index` is the last that a new store gets.
    if !FileSystem.exists(Bytes("index"), at: root.number) {
      try checkEmpty()
      try makeFolders()
    }
  }

  private static func openOrMake(_ path: Bytes) throws(SystemError) -> Descriptor {
    do {
      return try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
    } catch  where error.code == ENOENT {
      try makeWithParents(path)
    }
    return try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
  }

  private static func makeWithParents(_ path: Bytes) throws(SystemError) {
    for end in path.indices where end > 0 && path[end] == 0x2F && path[end - 1] != 0x2F {
      try FileSystem.makeDirectoryIfMissing(Bytes(path[..<end]), mode: 0o755)
    }
    try FileSystem.makeDirectoryIfMissing(path, mode: 0o700)
  }

  private static func checkAccess(_ status: stat, _ path: Bytes) throws(StoreError) {
    if status.st_uid != geteuid() { throw .foreignOwner(path: path, owner: status.st_uid) }
    if status.st_mode & 0o077 != 0 { throw .accessibleToOthers(path: path, mode: status.st_mode & 0o7777) }
  }

  /// Only in a folder of its own: `purge` deletes it.
  private func checkEmpty() throws(StoreError) {
    let entries = try storing { () throws(SystemError) in try root.entries() }
    if !entries.allSatisfy({ Self.names.contains($0) }) { throw .notAStore(path: path) }
  }

  func makeFolders() throws(StoreError) {
    // The modes of what is in images would be those of whoever gave the parent directory a default list.
    for list in ["system.posix_acl_default", "system.posix_acl_access"] { plash_remove_attribute(root.number, list) }
    try storing { () throws(SystemError) in
      for folder in Self.folders { try FileSystem.makeDirectoryIfMissing(folder, at: root.number, mode: 0o755) }
      try root.flush()
    }
  }

  /// Opens one of the store's own folders.
  func open(folder: Bytes) throws(SystemError) -> Descriptor {
    try Descriptor.open(folder, at: root.number, O_RDONLY | O_DIRECTORY)
  }

  /// The lock on which layers there are and what leads to them: together with others for who adds a layer or sets a name,
  /// alone for who takes away or looks whether all is right. Nil if somebody had it for ten seconds, who must have stopped.
  func lockLayers(alone: Bool) throws(SystemError) -> Descriptor? {
    // A gate: otherwise there could always be somebody in the way of who wants it alone.
    let gate = try open(folder: Bytes("index"))
    guard try gate.lock(exclusive: alone, waiting: true, milliseconds: 10_000) else { return nil }
    let layers = try open(folder: Bytes("layer"))
    guard try layers.lock(exclusive: alone, waiting: true, milliseconds: 10_000) else { return nil }
    return layers
  }

  /// Calls `body` while nobody adds or deletes layers or names.
  func alone<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    guard let layers = try storing({ () throws(SystemError) in try lockLayers(alone: true) }) else { throw .underWay }
    defer { withExtendedLifetime(layers) {} }
    return try body()
  }

  /// While this is open, data of images that are out of the tree already are being deleted.
  func lockDeletion() throws(SystemError) -> Descriptor {
    let keys = try open(folder: Bytes("key"))
    try keys.lock(exclusive: false, waiting: true)
    return keys
  }

  /// Whether somebody is just deleting such data.
  func isDeleting() throws(SystemError) -> Bool {
    try !open(folder: Bytes("key")).lock(exclusive: true, waiting: false)
  }

  /// What a failed call on something in the store means.
  public func failure(_ error: SystemError) -> StoreError {
    Shortage(error, on: root).map { .full(path: path, $0) } ?? .system(error)
  }

  /// What there is no more room of just now, if so: why a program may have failed that wrote to the store.
  func fullness() -> StoreError? { Shortage(on: root).map { .full(path: path, $0) } }

  func explained<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw failure(error)
    }
  }

  /// The path of something in the store, for people and for programs that get no descriptor.
  public func absolute(_ relative: Bytes) -> Bytes { path + [0x2F] + relative }
}

extension Descriptor {
  fileprivate func statusOfStore() throws(StoreError) -> stat {
    try storing { () throws(SystemError) in try status() }
  }
}

/// Turns failures of system calls into failures of the store.
func storing<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(StoreError) -> Result {
  do {
    return try body()
  } catch {
    throw .system(error)
  }
}
