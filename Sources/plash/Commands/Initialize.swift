import PlashDriver

extension Command {
  static let initialize = Command(
    name: "init", arguments: "",
    description: """
      Create the data directory.
      Not needed: the first use creates it. PLASH_DATA says where; the default is ~/.plashdata, /var/lib/plash for root.
      """,
    counts: 0...0
  ) { _, session throws(DriverError) in
    _ = try session.store()
  }
}
