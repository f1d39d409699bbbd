import PlashDriver
import PlashRuntime

extension Command {
  static let inspect = Command(
    name: "inspect", arguments: "ID",
    description: """
      Describe an image, in JSON.
      Its ancestors, names, key, size, times, how it was made, the script that made it, its login environment.
      """,
    counts: 1...1
  ) { arguments, session throws(DriverError) in
    let images = try ImageList(session)
    try Process.print(try images.description(of: try session.image(arguments[0])))
  }
}
