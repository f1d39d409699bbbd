import PlashDriver
import PlashRuntime

extension Command {
  static let check = Command(
    name: "fsck", arguments: "[--repair] [--full] [--json]",
    description: """
      Check the store.
      Exit status 0: clean; 1: it was not, and --repair put it right; 2: there is damage, or standard error says why that is
      not known. Looks at each image's folder, links, key and root directory, not at its files: 600 images take 0.2 s. --full
      also looks at all files: their names, rights and sizes are compared with what was built, what they contain with what
      --full read before, and each that is other is named.
      """,
    flags: ["--repair", "--full", "--json"], counts: 0...0
  ) { words, session throws(DriverError) in
    do throws(DriverError) {
      try session.check(repairing: words.has("--repair"), full: words.has("--full"), asJSON: words.has("--json"))
    } catch {
      // 1 says that all is well again.
      Report(error).end(with: 2)
    }
  }
}
