import PlashDriver
import PlashRuntime

extension Command {
  static let copy = Command(
    name: "copy", arguments: "ID|MACROS... [--] DIR",
    description: """
      Copy an image's root file system into a new directory.
      """,
    buildsInline: true, counts: 2...2
  ) { arguments, session throws(DriverError) in
    try session.copy(try session.image(arguments[0]), to: arguments[1])
  }
}
