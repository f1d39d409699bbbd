import PlashDriver
import PlashRuntime

extension Command {
  static let purge = Command(
    name: "purge", arguments: "[--yes]",
    description: """
      Delete all data, after asking.
      Only `y` is yes. Nothing is deleted while a container or a build is at work.
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    if arguments.first.map({ $0 != Bytes("--yes") }) ?? false { throw .usage("plash purge [--yes]") }
    if arguments.isEmpty, try !session.confirm("delete all images in \(try session.store().path.printable)? [y/N] ") {
      return
    }
    try session.purge()
  }
}
