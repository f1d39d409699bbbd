import PlashDriver
import PlashRuntime

extension Command {
  static let clean = Command(
    name: "clean", arguments: "",
    description: """
      Remove what nothing uses.
      That is what killed processes left behind and links to images that are gone. What is in use is never touched.
      """,
    counts: 0...0
  ) { _, session throws(DriverError) in
    let store = try session.store()
    try session.enterNamespace()
    try driving { () throws(StoreError) in try store.clean() }
  }
}
