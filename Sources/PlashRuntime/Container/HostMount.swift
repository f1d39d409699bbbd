/// A file or directory of the host that is seen inside a container.
public struct HostMount: Equatable, Sendable {
  /// Absolute path on the host; links are followed.
  public let source: Bytes
  /// Path inside, without a leading slash.
  public let target: Bytes
  /// It is not a directory.
  public let isFile: Bool
  /// It cannot be written to from inside.
  public let isReadOnly: Bool

  /// `source` and, unless it is the same, `target` are absolute paths outside and inside.
  public init(_ source: Bytes, at target: Bytes? = nil, isFile: Bool = false, isReadOnly: Bool = false) {
    self.source = source
    self.target = Bytes((target ?? source).drop { $0 == 0x2F })
    self.isFile = isFile
    self.isReadOnly = isReadOnly
  }

  /// Whether the absolute `path` is the same inside as outside because of this mount.
  func covers(_ path: Bytes) -> Bool {
    source.dropFirst() == target[...] && (path == source || path.starts(with: source + [0x2F]))
  }

  /// What builds see of the host: enough to run programs and to read the files that a Plashfile lies beside.
  public static var forBuilds: [HostMount] {
    ["/home", "/sys", "/dev"].map { HostMount(Bytes($0.utf8)) }.filter { FileSystem.exists($0.source) } + resolver
  }

  /// What runs see: they are processes of the host in all but their root file system.
  public static var forRuns: [HostMount] {
    let root = Bytes("/root")
    let temporary = Bytes("/tmp")
    return (FileSystem.exists(temporary) ? [HostMount(temporary)] : []) + [HostMount(Bytes("/proc"))] + forBuilds
      + (FileSystem.isReadable(root) ? [HostMount(root)] : [])
  }

  /// The user's home, if it is a directory of theirs that nothing else brings in. That of a user of the system may be
  /// /usr/sbin or /bin, where nobody but root can write.
  public static func home(_ path: Bytes?, besides mounts: [HostMount]) -> [HostMount] {
    guard let path, path.first == 0x2F, path.contains(where: { $0 != 0x2F }),
      !mounts.contains(where: { $0.covers(path) }),
      FileSystem.isWritableDirectory(path)
    else { return [] }
    return [HostMount(path)]
  }

  /// Read-only: packages that set up a resolver would change the host's.
  private static var resolver: [HostMount] {
    let path = Bytes("/etc/resolv.conf")
    return FileSystem.exists(path) ? [HostMount(path, isFile: true, isReadOnly: true)] : []
  }
}
