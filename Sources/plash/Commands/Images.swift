import PlashDriver
import PlashRuntime

extension Command {
  static let images = Command(
    name: "images", arguments: "[PATTERN]",
    description: """
      List the images that linuxcontainers.org has, or those with PATTERN in their names.
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    let names = try Importer(session).text([Bytes("images")] + arguments)
    if !names.isEmpty { try Process.print(names + [0x0A]) }
  }
}
