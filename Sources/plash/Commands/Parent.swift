import PlashDriver
import PlashRuntime

extension Command {
  static let parent = Command(
    name: "parent", arguments: "ID",
    description: """
      Print the id of the image that an image was built on.
      It is 0 for a base.
      """,
    counts: 1...1
  ) { arguments, session throws(DriverError) in
    try Process.print(try session.parent(of: session.image(arguments[0])).id.digits + [0x0A])
  }
}
