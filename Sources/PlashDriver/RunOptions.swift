internal import Glibc
public import PlashRuntime

/// What can be chosen about a run.
public struct RunOptions: Sendable {
  /// What of the host is seen inside, besides the current directory.
  public var mounts: [HostMount]
  /// The changes are kept in this folder; nil: they are thrown away.
  public var changes: Bytes?

  /// The user's home is seen too, wherever it is.
  let seesHost: Bool

  /// A run that sees of the host what runs see.
  public init() {
    mounts = HostMount.forRuns
    seesHost = true
  }

  /// A run with these mounts alone.
  public init(mounts: [HostMount]) {
    self.mounts = mounts
    seesHost = false
  }

  /// A mount as users write it: `SOURCE[:TARGET][:ro]`. The source may be relative to the current directory.
  public static func mount(_ text: Bytes) throws(DriverError) -> HostMount {
    var parts = text.split(separator: 0x3A, omittingEmptySubsequences: false).map { Bytes($0) }
    let isReadOnly = parts.count > 1 && parts.last == Bytes("ro")
    if isReadOnly { parts.removeLast() }
    guard let source = parts.first, parts.count <= 2, !source.isEmpty, parts.last?.isEmpty == false else {
      throw .usage("--map SOURCE[:TARGET][:ro]")
    }
    let (path, kind) = try driving { () throws(SystemError) in
      let path = try FileSystem.absolute(source)
      return (path, try FileSystem.kind(of: path, followingLink: true))
    }
    let target = parts.count > 1 ? parts[1] : path
    guard target.first == 0x2F else { throw .usage("--map SOURCE[:TARGET][:ro] (TARGET is an absolute path)") }
    if case .directory = kind { return HostMount(path, at: target, isReadOnly: isReadOnly) }
    return HostMount(path, at: target, isFile: true, isReadOnly: isReadOnly)
  }
}
