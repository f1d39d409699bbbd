import PlashDriver
import PlashRuntime

extension Command {
  static let history = Command(
    name: "history", arguments: "[--json] ID",
    description: """
      Show the steps that made an image: their text, how they were made, size and time.
      """,
    counts: 1...2
  ) { arguments, session throws(DriverError) in
    let asJSON = arguments.first == Bytes("--json")
    guard let id = arguments.last, arguments.count == (asJSON ? 2 : 1) else {
      throw .usage("plash history [--json] ID")
    }
    let images = try ImageList(session)
    let image = try session.image(id)
    try Process.print(asJSON ? images.historyJSON(of: image) : images.history(of: image))
  }
}
