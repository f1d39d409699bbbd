internal import CPlashShims
internal import Glibc

/// Variables of this process.
public enum Environment {
  /// The value of a variable, or nil if it is not set.
  public static func value(_ name: Bytes) -> Bytes? {
    let value = name.withCString { getenv($0) }
    return value.map { Bytes(cString: $0) }
  }

  /// All `NAME=value` entries.
  public static var entries: [Bytes] {
    var entries: [Bytes] = []
    var next = plash_environment()
    while let entry = next.pointee {
      entries.append(Bytes(cString: entry))
      next += 1
    }
    return entries
  }

  /// Whether a shell could use it: a letter or `_`, then letters, digits and `_`.
  public static func isName(_ name: Bytes) -> Bool {
    guard let first = name.first, !(0x30...0x39 ~= first) else { return false }
    return name.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x5F }
  }

  /// `entries` with `name` set to `value` in place of what it was.
  public static func setting(_ name: Bytes, to value: Bytes, in entries: [Bytes]) -> [Bytes] {
    entries.filter { !$0.starts(with: name + [0x3D]) } + [name + [0x3D] + value]
  }
}
