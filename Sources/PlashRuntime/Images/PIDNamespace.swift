internal import Glibc

/// A pid namespace, by what the kernel calls it: a number that no other one has while it exists.
struct PIDNamespace: Hashable, Sendable {
  private let number: Bytes

  /// The first one of the machine (PROC_PID_INIT_INO in include/linux/proc_ns.h).
  private static let first = PIDNamespace(number: Bytes("4026531836"))
  private static let prefix = Bytes("ran-in-")

  private init(number: Bytes) { self.number = number }

  /// The one that a process of `/proc` is in; nil where that is not to be known.
  init?(of process: Bytes, in processes: Int32 = AT_FDCWD) {
    // As `pid:[4026531836]`.
    guard let link = try? FileSystem.readLink(process + Bytes("/ns/pid"), at: processes) else { return nil }
    number = link.filter { 0x30...0x39 ~= $0 }
  }

  /// The one that a mark is named after.
  init?(mark name: Bytes) {
    guard name.starts(with: Self.prefix) else { return nil }
    number = Bytes(name.dropFirst(Self.prefix.count))
  }

  /// The file beside an image's layer that says: containers of this namespace stood on it.
  var mark: Bytes { Self.prefix + number }

  /// The one of this process; nil without `/proc`.
  static var current: PIDNamespace? { PIDNamespace(of: Bytes("/proc/self")) }

  /// Whether `/proc` shows all processes of the machine. In a namespace below it may still be that of the first one, where
  /// pid 2 is kthreadd: only the kernel makes processes with the flag PF_KTHREAD.
  static func showsEverything(_ processes: Int32) -> Bool {
    if PIDNamespace(of: Bytes("self"), in: processes) == first { return true }
    guard let facts = try? FileSystem.content(of: Bytes("2/stat"), at: processes),
      let name = facts.lastIndex(of: 0x29)
    else { return false }
    let fields = facts[(name + 1)...].split(separator: 0x20)
    let flags = fields.count > 6 ? UInt32(String(decoding: fields[6], as: UTF8.self)) : nil
    return flags.map { $0 & 0x0020_0000 != 0 } ?? false
  }
}
