internal import Glibc

/// The mount namespace that this process was in before it had one of its own, and the root that it had there.
public struct CallersMounts: Sendable {
  let namespace: Int32
  let root: Int32

  /// Where this process is now; two descriptors that stay open.
  static func current() throws(SystemError) -> CallersMounts {
    CallersMounts(
      namespace: try Descriptor.open(Bytes("/proc/self/ns/mnt")).kept(),
      root: try Descriptor.open(Bytes("/"), O_RDONLY | O_DIRECTORY).kept())
  }
}
