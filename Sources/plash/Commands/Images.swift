import PlashDriver
import PlashRuntime

extension Command {
  static let images = Command(
    name: "images", arguments: "[--json] [PATTERN]",
    description: """
      List the images that linuxcontainers.org has, or those with PATTERN in their names.
      """,
    flags: ["--json"], counts: 0...1
  ) { words, session throws(DriverError) in
    let names = try RemoteImageList(session, matching: words.rest.first)
    try Process.print(words.has("--json") ? names.json : names.text)
  }
}
