internal import Glibc

/// The first two numbers of a kernel's release.
struct KernelVersion: Comparable, Sendable {
  let major: Int
  let minor: Int

  /// The running kernel's release, as `6.1.0-13-amd64`.
  static var release: Bytes {
    var names = utsname()
    guard uname(&names) == 0 else { return [] }
    return withUnsafePointer(to: &names.release) {
      $0.withMemoryRebound(to: CChar.self, capacity: 65) { Bytes(cString: $0) }
    }
  }

  /// The running kernel.
  static var current: KernelVersion {
    let numbers = release.split { !(0x30...0x39 ~= $0) }.prefix(2).compactMap {
      Int(String(decoding: $0, as: UTF8.self))
    }
    return KernelVersion(major: numbers.first ?? 0, minor: numbers.dropFirst().first ?? 0)
  }

  static func < (left: KernelVersion, right: KernelVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
