import PlashDriver
import PlashRuntime

extension Command {
  static let exportTar = Command(
    name: "export-tar", arguments: "ID|MACROS... [--] [FILE]",
    description: """
      Write an image's root file system as a tar archive.
      Without FILE, or with `-`, to standard output. The same image gives the same bytes.
      """,
    buildsInline: true, counts: 1...2
  ) { arguments, session throws(DriverError) in
    let file = arguments.count > 1 ? arguments[1] : Bytes("-")
    if file == Bytes("-"), Process.isTerminal(1) {
      throw .usage("plash export-tar ID FILE (standard output is a terminal)")
    }
    try Importer(session).export(try session.image(arguments[0]), to: file)
  }
}
