public import PlashRuntime

/// One call of plash: its settings, its store, its namespace.
public final class Session {
  /// What the environment tells.
  public let settings: Settings
  /// The users and groups that there are in containers.
  private(set) lazy var ids = IDMapping.available(to: settings.user)
  private var openedStore: ImageStore?
  private var startedNamespace: UserNamespace?
  /// What went wrong on the host while a text was compiled, and is no fault of the text.
  private(set) var hostFailure: DriverError?
  /// Variables of the host that the plan wants passed on to what is run.
  var passedVariables: [Bytes] = []
  /// Whether the sources of bases are asked again although the bases are here. Locked ones stay what they are.
  public var refreshesBases = false
  /// What `plash lock` gathers; nil: bases are as the locks say.
  var lockInTheMaking: BaseLock?
  /// The lock that it takes the place of, whose bases it keeps.
  var formerLock: BaseLock?

  /// Makes the process's streams and signals as everything here expects them.
  public init() throws(DriverError) {
    Process.prepare()
    if !FileSystem.exists(Bytes("/proc/self/fd")) { throw .noProc }
    settings = Settings(user: User.current())
  }

  /// Keeps the failure of an import for the report, unless it is about what the text names.
  func noteFailure(_ error: DriverError) {
    switch error {
    case .importFailed, .lock: break
    default: hostFailure = error
    }
  }

  /// The store, which is made if it is missing.
  public func store() throws(DriverError) -> ImageStore {
    if let openedStore { return openedStore }
    let path = try settings.dataDirectory()
    let store = try driving { () throws(StoreError) in try ImageStore(path: path) }
    openedStore = store
    return store
  }

  /// Begins to make the namespace, which takes a while: for commands that are sure to need it. The store is opened
  /// first, as its owner cannot be checked while the ids are being mapped.
  public func startNamespace() throws(DriverError) {
    _ = try store()
    try driving { () throws(NamespaceError) in try startedOnce().checkBegun() }
  }

  /// Where this process's caller mounts, if this process may mount there.
  func callersMounts() throws(DriverError) -> CallersMounts {
    try startNamespace()
    guard let mounts = startedNamespace?.callersMounts else { throw .mountNeedsNamespace }
    return mounts
  }

  /// Whether this process is in a namespace of its own already: it cannot get out.
  var hasNamespace: Bool { startedNamespace != nil }

  private func startedOnce() -> UserNamespace {
    if let startedNamespace { return startedNamespace }
    let namespace = UserNamespace.start(for: settings.user, ids)
    startedNamespace = namespace
    return namespace
  }

  func finishNamespace() throws(NamespaceError) { try startedOnce().finish() }

  /// Waits until the namespace can be used.
  public func enterNamespace() throws(DriverError) {
    _ = try store()
    try driving { () throws(NamespaceError) in try finishNamespace() }
  }

  /// The image that an image was built on; the empty one for a base.
  public func parent(of image: Image) throws(DriverError) -> Image {
    let store = try store()
    return try driving { () throws(StoreError) in try store.parent(of: image) }
  }

  /// The image that `text` names by its number.
  public func image(_ text: Bytes) throws(DriverError) -> Image {
    let store = try store()
    return try driving { () throws(StoreError) in try store.image(text) }
  }
}
