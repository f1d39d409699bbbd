import PlashDriver
import PlashRuntime

extension Command {
  static let lock = Command(
    name: "lock", arguments: "[--refresh] FILE",
    description: """
      Write the exact bases of the Plashfile FILE to FILE.lock.
      Builds of FILE then use these, whatever their names stand for meanwhile: they are found by their content, else
      imported again and compared. Bases that FILE.lock has already stay what they are; with --refresh the sources of all
      are asked what they have now.
      """,
    counts: 1...2
  ) { arguments, session throws(DriverError) in
    let files = session.takeRefresh(arguments)
    guard files.count == 1 else { throw .usage("plash lock [--refresh] FILE") }
    try session.lock(files[0])
  }
}
