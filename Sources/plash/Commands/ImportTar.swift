import PlashDriver
import PlashRuntime

extension Command {
  static let importTar = Command(
    name: "import-tar", arguments: "[FILE]",
    description: """
      Import a root file system from a tar archive and print its id.
      The archive may be compressed. Without FILE, or with `-`, it is read from standard input. PLASH_IMPORT_LIMIT says how large
      it may be when unpacked, as `20G` (64G if it says nothing).
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    let file = arguments.first ?? Bytes("-")
    if file.isEmpty { throw .usage("plash import-tar [FILE]") }
    if file == Bytes("-"), Process.isTerminal(0) {
      throw .usage("plash import-tar FILE (standard input is a terminal)")
    }
    let image = try Importer(session).image([Bytes("tar"), file])
    try Process.print(image.id.digits + [0x0A])
  }
}
