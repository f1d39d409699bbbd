import PlashDriver
import PlashRuntime

extension Command {
  static let shallowCopy = Command(
    name: "shallow-copy", arguments: "ID|MACROS... [--] DIR",
    description: """
      Make a directory of an image's root file system whose files are hard links to those of its layers.
      It has to be on the same file system as the data directory. Changing its files changes the image: replace them.
      """,
    buildsInline: true, counts: 2...2
  ) { arguments, session throws(DriverError) in
    try session.shallowCopy(try session.image(arguments[0]), to: arguments[1])
  }
}
