public import PlashRuntime

/// One call of plash: its settings, its store, its namespace.
public final class Session {
  /// What the environment tells.
  public let settings: Settings
  private var openedStore: ImageStore?
  private var startedNamespace: UserNamespace?
  /// Variables of the host that the plan wants passed on to what is run.
  var passedVariables: [Bytes] = []

  /// Makes the process's streams and signals as everything here expects them.
  public init() {
    Process.prepare()
    settings = Settings(user: User.current())
  }

  /// The store, which is made if it is missing.
  public func store() throws(DriverError) -> ImageStore {
    if let openedStore { return openedStore }
    let path = try settings.dataDirectory()
    let store = try driving { () throws(StoreError) in try ImageStore(path: path) }
    openedStore = store
    return store
  }

  /// Begins to make the namespace, which takes a while: for commands that are sure to need it. The store must be open
  /// first, as its owner cannot be checked while the ids are being mapped.
  public func startNamespace() {
    if startedNamespace == nil { startedNamespace = UserNamespace.start(for: settings.user) }
  }

  /// The namespace, ready to be used.
  public func namespace() throws(NamespaceError) -> UserNamespace {
    _ = try? store()
    startNamespace()
    guard let startedNamespace else { preconditionFailure("the namespace was started") }
    try startedNamespace.finish()
    return startedNamespace
  }

  /// The namespace, for callers whose errors are the driver's.
  @discardableResult
  public func enterNamespace() throws(DriverError) -> UserNamespace {
    try driving { () throws(NamespaceError) in try namespace() }
  }

  /// The image that `text` names by its number.
  public func image(_ text: Bytes) throws(DriverError) -> Image {
    let store = try store()
    return try driving { () throws(StoreError) in try store.image(text) }
  }
}
