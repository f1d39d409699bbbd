import PlashDriver
import PlashRuntime

extension Command {
  static let withMount = Command(
    name: "with-mount", arguments: "ID|MACROS... [--] [COMMAND...]",
    description: """
      Run a command of the host with an image's root file system as its current directory.
      What it changes there is thrown away. Without COMMAND your shell is run.
      """,
    buildsInline: true, counts: 1...Command.many
  ) { arguments, session throws(DriverError) in
    try session.runOutside(try session.image(arguments[0]), Array(arguments.dropFirst()))
  }
}
