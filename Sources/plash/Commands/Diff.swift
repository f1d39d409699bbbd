import PlashDriver
import PlashRuntime

extension Command {
  static let diff = Command(
    name: "diff", arguments: "[--json] A [B]",
    description: """
      Show which files were added (A), changed (C) and deleted (D) from image A to image B.
      Without B: from A's parent to A.
      """,
    flags: ["--json"], counts: 1...2
  ) { words, session throws(DriverError) in
    let image = try session.image(words.rest[0])
    let other = words.rest.count == 2 ? try session.image(words.rest[1]) : nil
    let difference = try session.difference(
      from: other == nil ? session.parent(of: image) : image, to: other ?? image)
    try Process.print(words.has("--json") ? difference.json : difference.text)
  }
}
