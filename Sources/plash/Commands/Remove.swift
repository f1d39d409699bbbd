import PlashDriver
import PlashRuntime

extension Command {
  static let remove = Command(
    name: "rm", arguments: "ID|MACROS...",
    description: """
      Delete an image and all images built on it.
      """,
    buildsInline: true, counts: 1...1
  ) { arguments, session throws(DriverError) in
    try session.remove(try session.image(arguments[0]))
  }
}
