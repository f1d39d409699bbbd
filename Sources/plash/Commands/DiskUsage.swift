import PlashDriver
import PlashRuntime

extension Command {
  static let diskUsage = Command(
    name: "df", arguments: "[--json]",
    description: """
      Show what the images take on disk.
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    let asJSON = arguments.first == Bytes("--json")
    if !asJSON, !arguments.isEmpty { throw .usage("plash df [--json]") }
    let usage = try DiskUsage(session)
    try Process.print(asJSON ? usage.json : usage.table)
  }
}
