internal import Glibc
internal import PlashRuntime

/// The names of processor architectures.
enum Architecture {
  /// What Debian, and with it linuxcontainers.org, calls this machine's.
  static var ofThisMachine: Bytes {
    var system = utsname()
    uname(&system)
    let machine = withUnsafePointer(to: &system.machine) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { Bytes(cString: $0) }
    }
    switch machine {
    case Bytes("x86_64"): return Bytes("amd64")
    case Bytes("aarch64"): return Bytes("arm64")
    case Bytes("armv7l"): return Bytes("armhf")
    case Bytes("ppc64le"): return Bytes("ppc64el")
    case Bytes("i686"): return Bytes("i386")
    default: return machine
    }
  }
}
