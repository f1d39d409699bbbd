import PlashDriver
import PlashLang
import PlashRuntime

extension Command {
  static let build = Command(
    name: "build", arguments: "[--refresh] [MACROS...]",
    description: """
      Build an image and print its id.
      Each layer that is not cached is run; what it prints goes to standard error. Without MACROS a Plashfile is read
      from standard input. With --refresh the sources of the bases, and of texts from elsewhere, are asked again: what they
      have now is what later builds use too. Bases that a lock file names stay what they are.
      """,
    counts: 0...Command.many
  ) { arguments, session throws(DriverError) in
    let image = try session.build(try session.plan(try session.source(session.takeRefresh(arguments))))
    try session.store().noteUse(of: image)
    try Process.print(image.id.digits + [0x0A])
  }
}
