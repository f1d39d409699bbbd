import PlashDriver
import PlashRuntime

extension Command {
  static let macros = Command(
    name: "macros", arguments: "test LIBRARY...",
    description: """
      Run the examples that macro libraries carry.
      LIBRARY is a name that can be imported, or a path with a slash in it. What does not give the script that the
      library promises is shown, and the exit status is 1.
      """,
    counts: 2...Command.many
  ) { arguments, session throws(DriverError) in
    if arguments[0] != Bytes("test") { throw .usage("plash macros test LIBRARY...") }
    try session.testExamples(ofLibraries: Array(arguments.dropFirst()))
  }
}
