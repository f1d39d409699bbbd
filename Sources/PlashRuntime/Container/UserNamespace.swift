internal import CPlashShims
internal import Glibc

/// The namespaces of this process: it becomes root of a user namespace of its own, and gets private mounts. A process
/// that may mount already only gets the mounts.
///
/// Mapping subordinate ids is most of the time that a container takes to start. So it is begun first (`start`) and
/// waited for last (`finish`); in between this process must not need its ids: opening files is fine, asking who owns
/// them is not.
public final class UserNamespace {
  private enum State {
    case mapping
    case failed(NamespaceError)
    case ready
  }

  private var state = State.mapping
  /// Where this process was before; nil if it has become root of a user namespace, who may not go back.
  public private(set) var callersMounts: CallersMounts?
  private let helpers: UnsafeMutableBufferPointer<plash_id_map_helper>
  private let arguments: [CStringArray]
  private let complaints: Int32

  private init(helpers words: [[Bytes]] = []) {
    arguments = words.map { CStringArray($0) }
    helpers = .allocate(capacity: arguments.count)
    complaints = arguments.isEmpty ? -1 : plash_memory_file("complaints")
    for (index, argument) in arguments.enumerated() {
      helpers.initializeElement(
        at: index, to: plash_id_map_helper(arguments: argument.pointer, process: -1, error: 0, status: 0))
    }
  }

  deinit {
    if complaints >= 0 { close(complaints) }
    helpers.deallocate()
  }

  /// Begins. A failure is kept for `finish`.
  public static func start(for user: User, _ ids: IDMapping) -> UserNamespace {
    switch ids {
    case .inherited:
      let namespace = UserNamespace()
      namespace.callersMounts = try? .current()
      namespace.begin(whenBegun: .ready) { plash_mounts_of_own(&$0) }
      return namespace
    case .single:
      let namespace = UserNamespace()
      namespace.begin(whenBegun: .ready) { plash_id_map_self(user.uid, user.gid, &$0) }
      return namespace
    case .subordinate(let helpers):
      let namespace = UserNamespace(helpers: helpers)
      namespace.begin(whenBegun: .mapping) { call in
        guard let first = namespace.helpers.baseAddress else { return 0 }
        return plash_id_map_start(first, namespace.helpers.count, namespace.complaints, &call)
      }
      return namespace
    }
  }

  /// The call gives 0, or the errno of the system call whose name it leaves.
  private func begin(whenBegun begun: State, _ call: (inout UnsafePointer<CChar>?) -> Int32) {
    var name: UnsafePointer<CChar>? = nil
    let code = call(&name)
    state = code == 0 ? begun : .failed(.diagnose(name.map { Bytes(cString: $0) } ?? [], code))
  }

  /// Throws if it is clear by now that there will be no namespace.
  public func checkBegun() throws(NamespaceError) {
    if case .failed(let error) = state { throw error }
  }

  /// Waits until this process has its ids.
  public func finish() throws(NamespaceError) {
    if case .mapping = state {
      if let first = helpers.baseAddress { plash_id_map_wait(first, helpers.count) }
      state = failure.map { .failed($0) } ?? .ready
    }
    try checkBegun()
  }

  private var failure: NamespaceError? {
    guard let helper = helpers.first(where: { $0.error != 0 || $0.status != 0 }) else { return nil }
    let path = helper.arguments.pointee.map { Bytes(cString: $0) } ?? []
    if helper.error != 0 { return .system(SystemError(call: "exec", path: path, code: helper.error)) }
    if helper.status == Int32(PLASH_ID_MAP_HANGS) {
      return .helperHangs(path: path, seconds: PLASH_ID_MAP_SECONDS)
    }
    if NamespaceError.isRestrictedByAppArmor { return .forbiddenByAppArmor }
    if !Self.hasRights(path) { return .helperWithoutRights(path: path) }
    lseek(complaints, 0, SEEK_SET)
    // Both write there.
    let lines = FileSystem.lines(of: complaints)
    let name = Bytes(path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...])
    let message = lines.first { $0.starts(with: name) } ?? lines.first ?? []
    return .helperRefused(path: path, message: message)
  }

  /// Setuid root, or file capabilities.
  private static func hasRights(_ path: Bytes) -> Bool {
    var status = stat()
    return path.withCString {
      stat($0, &status) == 0 && status.st_mode & S_ISUID != 0 || plash_has_attribute($0, "security.capability")
    }
  }
}

extension FileSystem {
  /// The lines that can be read from an open descriptor, which stays open.
  fileprivate static func lines(of descriptor: Int32) -> [Bytes] {
    let copy = Descriptor(owning: dup(descriptor))
    return ((try? copy.readAll()) ?? []).split(separator: 0x0A).map { Bytes($0) }
  }
}
