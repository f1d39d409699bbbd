import PlashDriver
import PlashRuntime

extension Command {
  static let remove = Command(
    name: "rm", arguments: "ID|MACROS...",
    description: """
      Delete an image and all images built on it.
      Also one that is damaged, as `plash fsck` tells.
      """,
    buildsInline: true, counts: 1...1
  ) { arguments, session throws(DriverError) in
    let store = try session.store()
    try session.remove(try driving { () throws(StoreError) in try store.remains(arguments[0]) })
  }
}
