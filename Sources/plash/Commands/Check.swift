import PlashDriver
import PlashRuntime

extension Command {
  static let check = Command(
    name: "fsck", arguments: "[--repair] [--full]",
    description: """
      Check the store.
      Exit status 0: clean; 1: it was not, and --repair put it right; 2: there is damage. --full also reads all files.
      """,
    counts: 0...2
  ) { arguments, session throws(DriverError) in
    let options = Set(arguments)
    if !options.isSubset(of: [Bytes("--repair"), Bytes("--full")]) { throw .usage("plash fsck [--repair] [--full]") }
    try session.check(repairing: options.contains(Bytes("--repair")), full: options.contains(Bytes("--full")))
  }
}
