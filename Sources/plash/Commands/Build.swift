import PlashDriver
import PlashLang
import PlashRuntime

extension Command {
  static let build = Command(
    name: "build", arguments: "[MACROS...]",
    description: """
      Build an image and print its id.
      Each layer that is not cached is run; what it prints goes to standard error. Without MACROS a Plashfile is read
      from standard input.
      """,
    counts: 0...Command.many
  ) { arguments, session throws(DriverError) in
    let image = try session.build(try session.plan(try session.source(arguments)))
    try session.store().noteUse(of: image)
    try Process.print(image.id.digits + [0x0A])
  }
}
