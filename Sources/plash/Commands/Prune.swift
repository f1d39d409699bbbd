import PlashDriver
import PlashRuntime

extension Command {
  static let prune = Command(
    name: "prune", arguments: "[--keep AGE] [--max SIZE] [-n] [--json]",
    description: """
      Delete images that were not used for a while.
      --keep AGE: not used for longer than AGE, as 30d, 12h, 90m, 10s or 0 (default: 30d). --max SIZE: the least recently
      used, until the rest takes no more than SIZE, as 20G, 500M, or in bytes. -n: only print what would be deleted. What
      others are built on, what has a name, and what is in use stays.
      """,
    counts: 0...Command.many
  ) { arguments, session throws(DriverError) in
    let options = try PruneOptions(arguments)
    let images = try ImageList(session)
    let chosen = try images.selection(options)
    let told = try options.isDryRun ? chosen : images.remove(chosen)
    try Process.print(options.asJSON ? images.json(of: told) : images.ids(of: told))
  }
}
