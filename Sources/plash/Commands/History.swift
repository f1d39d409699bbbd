import PlashDriver
import PlashRuntime

extension Command {
  static let history = Command(
    name: "history", arguments: "[--json] ID",
    description: """
      Show the steps that made an image: their text, how they were made, size and time.
      """,
    flags: ["--json"], counts: 1...1
  ) { words, session throws(DriverError) in
    let image = try session.image(words.rest[0])
    let images = try ImageList(session, lineageOf: image)
    try Process.print(words.has("--json") ? images.historyJSON(of: image) : images.history(of: image))
  }
}
