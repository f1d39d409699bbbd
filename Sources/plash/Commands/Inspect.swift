import PlashDriver
import PlashRuntime

extension Command {
  static let inspect = Command(
    name: "inspect", arguments: "[--json] ID",
    description: """
      Describe an image, in JSON.
      Its ancestors, names, key, size, times, how it was made, the script that made it, its login environment.
      """,
    flags: ["--json"], counts: 1...1
  ) { words, session throws(DriverError) in
    let image = try session.image(words.rest[0])
    try Process.print(try ImageList(session, lineageOf: image).description(of: image))
  }
}
