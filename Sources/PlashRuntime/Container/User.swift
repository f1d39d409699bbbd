internal import Glibc

/// The user who runs plash, as the host sees them.
public struct User: Equatable, Sendable {
  /// The effective user id.
  public let uid: UInt32
  /// The effective group id.
  public let gid: UInt32
  /// From /etc/passwd; nil if the user has no line there (a directory service, a bare container).
  public let name: Bytes?
  /// The home directory of that line.
  public let home: Bytes?

  /// The user of this process. Must be asked before a user namespace is made, which has no ids at first.
  /// A static executable has no getpwuid: the file is read here.
  public static func current() -> User {
    let (uid, gid) = (geteuid(), getegid())
    let line = passwordLines(of: Bytes("/etc/passwd")).first { $0.count >= 6 && $0[2].elementsEqual("\(uid)".utf8) }
    return User(uid: uid, gid: gid, name: line.map { Bytes($0[0]) }, home: line.map { Bytes($0[5]) })
  }

  private static func passwordLines(of path: Bytes) -> [[ArraySlice<UInt8>]] {
    let content = (try? FileSystem.content(of: path)) ?? []
    return content.split(separator: 0x0A).map { $0.split(separator: 0x3A, omittingEmptySubsequences: false) }
  }

  /// The name, or the number where there is none.
  public var label: Bytes { name ?? Bytes(String(uid).utf8) }

  /// The subordinate ids that `file` (`/etc/subuid`, `/etc/subgid`) grants: lines `NAME-OR-UID:START:COUNT`.
  func subordinateIDs(in file: Bytes) -> [IDRange] {
    Self.passwordLines(of: file).compactMap { fields in
      guard fields.count == 3, fields[0].elementsEqual(label) || fields[0].elementsEqual("\(uid)".utf8),
        let start = UInt32(decimal: fields[1]), let count = UInt32(decimal: fields[2]), count > 0
      else { return nil }
      return IDRange(start: start, count: count)
    }
  }

  /// The same from a directory service: `getsubids` of the package that newuidmap is from, `0: NAME START COUNT` lines.
  func subordinateIDsOfService(groups: Bool) -> [IDRange] {
    guard Self.hasServiceForIDs, let path = Program.find(Bytes("getsubids"), in: Bytes("/usr/bin:/bin:/usr/local/bin"))
    else { return [] }
    let program = Program(path: path, arguments: (groups ? [Bytes("-g")] : []) + [label], environment: [])
    guard let output = try? program.capture(errors: .descriptor(1)).output else { return [] }
    return output.split(separator: 0x0A).compactMap { line in
      let words = line.split(separator: 0x20)
      guard words.count == 4, let start = UInt32(decimal: words[2]), let count = UInt32(decimal: words[3]) else {
        return nil
      }
      return IDRange(start: start, count: count)
    }
  }
}

extension User {
  /// A line `subid: sss` in nsswitch.conf(5): without one there is nobody to ask, and no process to be started for it.
  fileprivate static var hasServiceForIDs: Bool {
    let content = (try? FileSystem.content(of: Bytes("/etc/nsswitch.conf"))) ?? []
    return content.split(separator: 0x0A).contains { $0.drop { $0 == 0x20 || $0 == 0x09 }.starts(with: Bytes("subid")) }
  }
}

extension UInt32 {
  fileprivate init?(decimal text: ArraySlice<UInt8>) {
    guard let number = UInt32(String(decoding: text, as: UTF8.self)) else { return nil }
    self = number
  }
}
