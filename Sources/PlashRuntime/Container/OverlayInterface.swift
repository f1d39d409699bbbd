internal import CPlashShims
internal import Glibc

/// How this kernel is told what an overlay consists of.
enum OverlayInterface: Equatable, Sendable {
  /// fsconfig takes descriptors (Linux 6.13).
  case descriptors
  /// fsconfig takes layers one at a time, as text (Linux 6.8; 6.5 with limits).
  case strings
  /// One page of options for mount(2).
  case options

  /// The best one that works. Takes the right to mount; costs some microseconds.
  static func detect() -> OverlayInterface {
    let context = plash_fsopen("overlay")
    guard context >= 0 else { return .options }
    defer { close(context) }
    let directory = open("/", O_DIRECTORY | O_CLOEXEC)
    defer { close(directory) }
    if plash_fsconfig_fd(context, "lowerdir+", directory) == 0 { return .descriptors }
    return plash_fsconfig_string(context, "lowerdir+", "/") == 0 ? .strings : .options
  }
}
