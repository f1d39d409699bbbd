import PlashDriver
import PlashRuntime

extension Command {
  static let list = Command(
    name: "ls", arguments: "[--json]",
    description: """
      List the images: id, parent, size, age, names, how it was made.
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    let asJSON = arguments.first == Bytes("--json")
    if !asJSON, !arguments.isEmpty { throw .usage("plash ls [--json]") }
    let images = try ImageList(session)
    try Process.print(asJSON ? images.json : images.table)
  }
}
