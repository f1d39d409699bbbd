public import PlashRuntime

/// What the environment tells plash.
public struct Settings: Sendable {
  /// The user who runs plash.
  public let user: User

  /// Must be made before a user namespace is.
  public init(user: User) { self.user = user }

  private func value(_ name: StaticString) -> Bytes? {
    guard let value = Environment.value(Bytes(name)), !value.isEmpty else { return nil }
    return value
  }

  /// `HOME`, or what /etc/passwd says.
  public var home: Bytes? { value("HOME") ?? user.home }

  /// The data directory: `PLASH_DATA`, else `/var/lib/plash` for the host's root, else `~/.plashdata`.
  public func dataDirectory() throws(DriverError) -> Bytes {
    if let path = value("PLASH_DATA") { return path }
    if user.uid == 0 && isHostRoot { return Bytes("/var/lib/plash") }
    guard let home else { throw .noDataDirectory }
    return home + Bytes("/.plashdata")
  }

  /// Root of a container is an ordinary user outside: its data are in its home.
  private var isHostRoot: Bool {
    let map = (try? FileSystem.content(of: Bytes("/proc/self/uid_map"))) ?? []
    return map.split { $0 == 0x20 || $0 == 0x0A }.map { Bytes($0) } == ["0", "0", "4294967295"].map { Bytes($0.utf8) }
  }

  /// The names in `PLASH_EXPORT`, which are passed on to what is run.
  public var exported: [Bytes] {
    (value("PLASH_EXPORT") ?? []).split(separator: 0x3A).map { Bytes($0) }
  }

  /// `PLASH_CHANGES`: whether what a run changes goes to disk; false: into memory.
  public func changesOnDisk() throws(DriverError) -> Bool {
    guard let choice = value("PLASH_CHANGES") else { return false }
    switch String(decoding: choice, as: UTF8.self) {
    case "disk": return true
    case "memory": return false
    default: throw .invalidSetting(name: "PLASH_CHANGES", value: choice, expected: "`memory` or `disk`")
    }
  }

  /// `SHELL`: what is run where no command is given.
  public var shell: Bytes { value("SHELL") ?? Bytes("/bin/sh") }

  /// `PATH`, to find programs of the host.
  public var searchPath: Bytes { value("PATH") ?? Bytes("/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin") }
}
