internal import PlashLang
internal import PlashRuntime

/// Bases as a lock file says them: found by their content, else imported again and compared.
struct LockedBases {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// The lock that counts for a reference: that of the outermost text that has one.
  func lock(for reference: BaseReference) throws(DriverError) -> BaseLock? {
    if session.lockInTheMaking != nil { return session.formerLock.flatMap { $0[reference] == nil ? nil : $0 } }
    for path in reference.paths {
      if let lock = try BaseLock.find(for: path) { return lock }
    }
    return nil
  }

  /// The very image that the lock names. `importing` gets what the source gives now, or the exact build that is asked for.
  func image(
    _ reference: BaseReference, _ lock: BaseLock, importing: (BaseLock.Entry) throws(DriverError) -> Image
  ) throws(DriverError) -> Image {
    let name = BaseLock.name(of: reference)
    guard let entry = lock[reference] else { throw .lock(.missing(base: name, lock: lock.path)) }
    session.lockInTheMaking?[reference] = entry
    let store = try session.store()
    if let image = try driving({ () throws(StoreError) in try store.image(key: entry.key) }) { return image }
    let found: LayerKey
    do throws(DriverError) {
      let image = try importing(entry)
      found = try driving { () throws(StoreError) in try store.key(of: image) }
      if found == entry.key { return image }
    } catch .importFailed(let message, _) where !message.isEmpty {
      throw .lock(.gone(base: name, lock: lock.path, expected: entry.key, reason: message))
    }
    throw .lock(.changed(base: name, lock: lock.path, expected: entry.key, found: found))
  }

  /// Keeps what a reference means now, if a lock is being made.
  func record(_ reference: BaseReference, _ image: Image) throws(DriverError) {
    if session.lockInTheMaking == nil { return }
    let store = try session.store()
    let key = try driving { () throws(StoreError) in try store.key(of: image) }
    let exactName = reference.source == .lxc ? store.details(of: image).flatMap { Self.exactName($0.origin) } : nil
    session.lockInTheMaking?[reference] = BaseLock.Entry(key: key, exactName: exactName)
  }

  /// The third of `import lxc alpine:3.23 alpine;3.23;amd64;default;20261123_13:00` after its first word.
  private static func exactName(_ origin: Bytes) -> Bytes? {
    let words = origin.split(separator: 0x20)
    return words.count == 4 && words[1] == Bytes("lxc")[...] ? Bytes(words[3]) : nil
  }
}
