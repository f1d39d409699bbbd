import PlashDriver

extension Command {
  static let test = Command(
    name: "test", arguments: "",
    description: """
      Try whether plash works on this host.
      Imports, builds, runs, copies, exports, checks and deletes images in a store of their own inside the data directory, and
      prints what works as TAP. Takes a static busybox on the host and no network. Exit status 1: something does not work.
      """,
    counts: 0...0
  ) { _, session throws(DriverError) in try session.testHost() }
}
