internal import Glibc

/// The user who runs plash, as the host sees them.
public struct User: Equatable, Sendable {
  /// The effective user id.
  public let uid: UInt32
  /// The effective group id.
  public let gid: UInt32
  /// From /etc/passwd or a directory service; nil if the user is in neither (a bare container).
  public let name: Bytes?
  /// The home directory there.
  public let home: Bytes?

  /// The user of this process. Must be asked before a user namespace is made, which has no ids at first.
  /// A static executable has no getpwuid: the file is read here, and others are asked by getent(1).
  public static func current() -> User {
    let (uid, gid) = (geteuid(), getegid())
    func isOwn(_ fields: [ArraySlice<UInt8>]) -> Bool { fields.count >= 6 && fields[2].elementsEqual("\(uid)".utf8) }
    let file = (try? FileSystem.content(of: Bytes("/etc/passwd"))) ?? []
    let line = lines(file).first(where: isOwn) ?? lines(passwordOfService(uid)).first(where: isOwn)
    return User(uid: uid, gid: gid, name: line.map { Bytes($0[0]) }, home: line.map { Bytes($0[5]) })
  }

  private static func lines(_ content: Bytes) -> [[ArraySlice<UInt8>]] {
    content.split(separator: 0x0A).map { $0.split(separator: 0x3A, omittingEmptySubsequences: false) }
  }

  private static func passwordOfService(_ uid: UInt32) -> Bytes {
    let services = services(for: Bytes("passwd:")).filter { $0 != Bytes("files") }
    guard !services.isEmpty, let path = Program.find(Bytes("getent"), in: Bytes("/usr/bin:/bin")) else { return [] }
    let program = Program(path: path, arguments: [Bytes("passwd"), Bytes(String(uid).utf8)], environment: [])
    return (try? program.capture(errors: .null).output) ?? []
  }

  /// The name, or the number where there is none.
  public var label: Bytes { name ?? Bytes(String(uid).utf8) }

  /// The subordinate ids that `file` (`/etc/subuid`, `/etc/subgid`) grants: lines `NAME-OR-UID:START:COUNT`.
  func subordinateIDs(in file: Bytes) throws(SystemError) -> [IDRange] {
    let content: Bytes
    do {
      content = try FileSystem.content(of: file)
    } catch  where error.code == ENOENT {
      return []
    }
    return Self.lines(content).compactMap { fields in
      guard fields.count == 3, fields[0].elementsEqual(label) || fields[0].elementsEqual("\(uid)".utf8),
        let start = UInt32(decimal: fields[1]), let count = UInt32(decimal: fields[2]), count > 0
      else { return nil }
      return IDRange(start: start, count: count)
    }
  }

  /// The same from a directory service: `getsubids` of the package that newuidmap is from, `0: NAME START COUNT` lines.
  func subordinateIDsOfService(groups: Bool) -> [IDRange] {
    guard !Self.services(for: Bytes("subid:")).isEmpty,
      let path = Program.find(Bytes("getsubids"), in: Bytes("/usr/bin:/bin:/usr/local/bin"))
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
  /// Who is asked, as nsswitch.conf(5) says: `subid: sss`. Without a line there is nobody, and no process to be started
  /// for it.
  fileprivate static func services(for name: Bytes) -> [Bytes] {
    let content = (try? FileSystem.content(of: Bytes("/etc/nsswitch.conf"))) ?? []
    let lines = content.split(separator: 0x0A).map { $0.split { $0 == 0x20 || $0 == 0x09 }.map { Bytes($0) } }
    return lines.first { $0.first == name }.map { Array($0.dropFirst()) } ?? []
  }
}

extension UInt32 {
  fileprivate init?(decimal text: ArraySlice<UInt8>) {
    guard let number = UInt32(String(decoding: text, as: UTF8.self)) else { return nil }
    self = number
  }
}
