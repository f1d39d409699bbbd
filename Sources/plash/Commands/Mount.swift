import PlashDriver
import PlashRuntime

extension Command {
  static let mount = Command(
    name: "mount", arguments: "ID|MACROS... [--] MOUNTPOINT [CHANGESDIR]",
    description: """
      Mount an image's root file system for the caller.
      To be used by root, or inside `plash sudo`. Changes are kept in CHANGESDIR, or thrown away without one.
      """,
    buildsInline: true, counts: 2...3
  ) { arguments, session throws(DriverError) in
    try session.mount(
      try session.image(arguments[0]), on: arguments[1], keeping: arguments.count > 2 ? arguments[2] : nil)
  }
}
