import PlashDriver
import PlashRuntime

extension Command {
  static let helpMacros = Command(
    name: "help-macros", arguments: "",
    description: """
      List the macros.
      """,
    counts: 0...0
  ) { _, session throws(DriverError) in
    try Process.print(try session.macroHelp())
  }
}
