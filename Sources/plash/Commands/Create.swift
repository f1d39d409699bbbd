import PlashDriver
import PlashRuntime

extension Command {
  static let create = Command(
    name: "create", arguments: "ID|MACROS... [--] [COMMAND...]",
    description: """
      Run a command in an image and keep what it changed as a new layer.
      Prints the id of the new image. Without COMMAND root's shell is run. If the command fails nothing is kept, and
      the exit status is 4.
      """,
    buildsInline: true, counts: 1...Command.many
  ) { arguments, session throws(DriverError) in
    let image = try session.create(on: try session.image(arguments[0]), Array(arguments.dropFirst()))
    try Process.print(image.id.digits + [0x0A])
  }
}
