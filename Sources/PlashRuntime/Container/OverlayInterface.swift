internal import CPlashShims
internal import Glibc

/// How this kernel is told what an overlay consists of.
enum OverlayInterface: Equatable, Sendable {
  /// fsconfig takes layers one at a time (`lowerdir+`, Linux 6.5).
  case layerByLayer
  /// One page of options for mount(2).
  case options

  /// The best one that works. Takes the right to mount; costs some microseconds.
  static func detect() -> OverlayInterface {
    let context = plash_fsopen("overlay")
    guard context >= 0 else { return .options }
    defer { close(context) }
    return plash_fsconfig_string(context, "lowerdir+", "/") == 0 ? .layerByLayer : .options
  }
}
