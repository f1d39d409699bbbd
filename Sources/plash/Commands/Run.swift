import PlashDriver

extension Command {
  static let run = Command(
    name: "run", arguments: "ID|MACROS... [--] [COMMAND...]",
    description: """
      Run a command in an image.
      What it changes is thrown away when it ends. Your home, the current directory, /tmp, /dev, /proc and /sys are
      those of the host; without COMMAND root's shell is run. PLASH_EXPORT=A:B passes on the variables A and B,
      PLASH_CHANGES=disk keeps the changes on disk instead of in memory while it runs.
      """,
    buildsInline: true, counts: 1...Command.many
  ) { arguments, session throws(DriverError) in
    // Most of the time of a start is newuidmap's: it passes while the image is looked up.
    try session.startNamespace()
    try session.run(try session.image(arguments[0]), Array(arguments.dropFirst()))
  }
}
