/// How this kernel is told what an overlay consists of.
enum OverlayInterface: Equatable, Sendable {
  /// fsconfig takes layers one at a time (`lowerdir+`, Linux 6.5).
  case layerByLayer
  /// One page of options for mount(2).
  case options

  /// The best one that there is. To try would cost more than all the mounting: the kernel frees a context slowly.
  static var current: OverlayInterface {
    KernelVersion.current >= KernelVersion(major: 6, minor: 5) ? .layerByLayer : .options
  }
}
