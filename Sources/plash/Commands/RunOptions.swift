import PlashDriver
import PlashRuntime

extension Command {
  static let runOptions = Command(
    name: "runopts", arguments: "-c ID [-d DIR] [-m PATH]... [COMMAND...]",
    description: """
      Run a command in an image with every choice open.
      -d DIR keeps the changes in DIR; -m PATH mounts that path of the host. Nothing else of the host is
      mounted but the current directory, if the image has none of this name.
      """,
    counts: 2...Command.many
  ) { arguments, session throws(DriverError) in
    let call = try RunCall(runopts: arguments)
    try session.run(try session.image(call.id), call.command, call.options)
  }
}
