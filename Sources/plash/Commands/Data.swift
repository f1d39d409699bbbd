import PlashDriver
import PlashRuntime

extension Command {
  static let data = Command(
    name: "data", arguments: "[COMMAND...]",
    description: """
      Print the data directory, or run a command in it.
      """,
    counts: 0...Command.many
  ) { arguments, session throws(DriverError) in
    let path = try session.store().path
    if arguments.isEmpty { return try Process.print(path + [0x0A]) }
    try Process.changeDirectory(path)
    try Process.become(arguments)
  }
}
