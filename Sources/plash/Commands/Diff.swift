import PlashDriver
import PlashRuntime

extension Command {
  static let diff = Command(
    name: "diff", arguments: "[--json] A [B]",
    description: """
      Show which files were added (A), changed (C) and deleted (D) from image A to image B.
      Without B: from A's parent to A.
      """,
    counts: 1...3
  ) { arguments, session throws(DriverError) in
    let asJSON = arguments.first == Bytes("--json")
    let ids = Array(arguments.dropFirst(asJSON ? 1 : 0))
    guard let first = ids.first, ids.count <= 2 else { throw .usage("plash diff [--json] A [B]") }
    let image = try session.image(first)
    let difference = try session.difference(
      from: ids.count == 2 ? image : session.parent(of: image), to: ids.count == 2 ? try session.image(ids[1]) : image)
    try Process.print(asJSON ? difference.json : difference.text)
  }
}
