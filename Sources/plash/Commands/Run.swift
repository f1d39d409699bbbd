import PlashDriver
import PlashRuntime

extension Command {
  static let run = Command(
    name: "run",
    arguments: "[--persist DIR] [--map SOURCE[:TARGET][:ro]]... ID|[--refresh] MACROS... [--] [COMMAND...]",
    description: """
      Run a command in an image.
      What it changes is thrown away when it ends, or kept in DIR with --persist (`plash sudo rm -r DIR` deletes it). Your home, the current directory, /tmp,
      /dev, /proc and /sys are those of the host, and what --map names; without COMMAND root's shell is run.
      PLASH_EXPORT=A:B passes on the variables A and B, PLASH_CHANGES=disk keeps the changes on disk instead of in memory
      while it runs.
      """,
    counts: 1...Command.many
  ) { arguments, session throws(DriverError) in
    let (options, words) = try RunCall.leadingOptions(arguments)
    guard let first = words.first else { throw .usage("plash run ID|MACROS... [--] [COMMAND...]") }
    if first.first != 0x2D {
      // Most of the time of a start is newuidmap's: it passes while the image is looked up.
      try session.startNamespace()
      try session.run(try session.image(first), Array(CommandTable.withoutMark(words).dropFirst()), options)
    }
    let inline = InlineWords(session.takeRefresh(words))
    try session.withPlan(of: inline.macros) { image throws(DriverError) in
      try session.run(image, inline.rest, options)
    }
  }
}
