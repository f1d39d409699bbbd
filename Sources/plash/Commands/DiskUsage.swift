import PlashDriver
import PlashRuntime

extension Command {
  static let diskUsage = Command(
    name: "df", arguments: "[--json]",
    description: """
      Show what the images take on disk.
      """,
    flags: ["--json"], counts: 0...0
  ) { words, session throws(DriverError) in
    let usage = try DiskUsage(session)
    try Process.print(words.has("--json") ? usage.json : usage.table)
  }
}
