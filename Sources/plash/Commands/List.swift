import PlashDriver
import PlashRuntime

extension Command {
  static let list = Command(
    name: "ls", arguments: "[--json]",
    description: """
      List the images: id, parent, size, age, names, how it was made.
      """,
    flags: ["--json"], counts: 0...0
  ) { words, session throws(DriverError) in
    let images = try ImageList(session)
    try Process.print(words.has("--json") ? images.json : images.table)
  }
}
