import PlashDriver
import PlashRuntime

extension Command {
  static let format = Command(
    name: "fmt", arguments: "[--check] [FILE...]",
    description: """
      Bring Plashfiles into the one canonical layout; their meaning and their comments stay.
      Without FILE standard input is printed in it. With --check nothing is written, and the exit status is 1 if a
      FILE is in another layout.
      """,
    flags: ["--check"], counts: 0...Command.many
  ) { words, _ throws(DriverError) in
    switch (words.rest.isEmpty, words.has("--check")) {
    case (true, true): throw .usage("plash fmt --check FILE...")
    case (true, false): try PlashfileTools.formatStandardInput()
    case (false, true): try PlashfileTools.checkFormat(of: words.rest)
    case (false, false): try PlashfileTools.format(words.rest)
    }
  }
}
