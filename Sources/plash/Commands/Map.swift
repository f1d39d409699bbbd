import PlashDriver
import PlashRuntime

extension Command {
  static let map = Command(
    name: "map", arguments: "KEY [ID]",
    description: """
      Print, set or delete a name for an image.
      With an ID the name is set; with an empty one ('') it is deleted. A name that is not set prints nothing.
      """,
    counts: 1...2
  ) { arguments, session throws(DriverError) in
    let store = try session.store()
    let name = arguments[0]
    guard arguments.count == 2 else {
      let image = try driving { () throws(StoreError) in try store.image(named: name) }
      if let image { try Process.print(image.id.digits + [0x0A]) }
      return
    }
    if arguments[1].isEmpty {
      try driving { () throws(StoreError) in try store.removeName(name) }
    } else {
      let image = try session.image(arguments[1])
      try driving { () throws(StoreError) in try store.setName(name, to: image) }
    }
  }
}
