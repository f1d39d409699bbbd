internal import CPlashShims
internal import Glibc

/// The namespaces of this process: it becomes root of a user namespace of its own with all its subordinate ids, and gets
/// private mounts. A process that may mount already (root) only gets the mounts.
///
/// Mapping the ids is most of the time that a container takes to start. So it is begun first (`start`) and waited for last
/// (`finish`); in between this process must not need its ids: opening files is fine, asking who owns them is not.
public final class UserNamespace {
  private enum State {
    case mapping
    case failed(NamespaceError)
    case ready
  }

  private var state: State
  private let helpers: UnsafeMutableBufferPointer<plash_id_map_helper>
  private let arguments: [CStringArray]
  private let complaints: Int32
  /// Whether the mounts made here could reach the host's if they were not told otherwise.
  public let sharesMounts: Bool

  private init(_ state: State, sharesMounts: Bool = false, _ arguments: [CStringArray] = []) {
    self.state = state
    self.sharesMounts = sharesMounts
    self.arguments = arguments
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
  public static func start(for user: User) -> UserNamespace {
    if user.uid == 0, plash_unshare_mounts() == 0 { return UserNamespace(.ready, sharesMounts: true) }
    do throws(NamespaceError) {
      let namespace = UserNamespace(.mapping, try helperArguments(for: user))
      namespace.begin()
      return namespace
    } catch {
      return UserNamespace(.failed(error))
    }
  }

  private func begin() {
    var call: UnsafePointer<CChar>? = nil
    guard let first = helpers.baseAddress else { return }
    let code = plash_id_map_start(first, helpers.count, complaints, &call)
    if code != 0 { state = .failed(.diagnose(call.map { Bytes(cString: $0) } ?? [], code)) }
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
    if NamespaceError.isRestrictedByAppArmor { return .forbiddenByAppArmor }
    if !Self.hasRights(path) { return .helperWithoutRights(path: path) }
    lseek(complaints, 0, SEEK_SET)
    let message = FileSystem.lines(of: complaints).first ?? []
    return .helperRefused(path: path, message: message)
  }

  /// Setuid root, or file capabilities.
  private static func hasRights(_ path: Bytes) -> Bool {
    var status = stat()
    return path.withCString {
      stat($0, &status) == 0 && status.st_mode & S_ISUID != 0 || plash_has_attribute($0, "security.capability")
    }
  }

  private static func helperArguments(for user: User) throws(NamespaceError) -> [CStringArray] {
    let process = Bytes(String(getpid()).utf8)
    return [
      CStringArray([try find("newuidmap"), process] + (try map(user, user.uid, groups: false)).arguments),
      CStringArray([try find("newgidmap"), process] + (try map(user, user.gid, groups: true)).arguments),
    ]
  }

  private static func find(_ helper: StaticString) throws(NamespaceError) -> Bytes {
    let folders = Bytes("/usr/bin:/bin:/usr/local/bin:/usr/sbin:/run/wrappers/bin")
    guard let path = Program.find(Bytes(helper), in: folders) else { throw .helperMissing(Bytes(helper)) }
    return path
  }

  private static func map(_ user: User, _ root: UInt32, groups: Bool) throws(NamespaceError) -> IDMap {
    let file = groups ? Bytes("/etc/subgid") : Bytes("/etc/subuid")
    var ranges = user.subordinateIDs(in: file)
    if ranges.isEmpty { ranges = user.subordinateIDsOfService(groups: groups) }
    if ranges.isEmpty { throw .noSubordinateIDs(user, file: file) }
    return IDMap(root: root, subordinate: ranges)
  }
}

extension FileSystem {
  /// The lines that can be read from an open descriptor, which stays open.
  fileprivate static func lines(of descriptor: Int32) -> [Bytes] {
    let copy = Descriptor(owning: dup(descriptor))
    return ((try? copy.readAll()) ?? []).split(separator: 0x0A).map { Bytes($0) }
  }
}
