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
    counts: 0...Command.many
  ) { arguments, _ throws(DriverError) in
    let checks = arguments.first == Bytes("--check")
    let files = checks ? Array(arguments.dropFirst()) : arguments
    if checks {
      try PlashfileTools.checkFormat(of: files)
    } else if files.isEmpty {
      try PlashfileTools.formatStandardInput()
    } else {
      try PlashfileTools.format(files)
    }
  }
}
