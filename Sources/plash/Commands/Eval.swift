import PlashDriver
import PlashLang
import PlashRuntime

extension Command {
  static let eval = Command(
    name: "eval", arguments: "[MACROS...]",
    description: """
      Print the shell script that macros stand for.
      Without MACROS a Plashfile is read from standard input.
      """,
    counts: 0...Command.many
  ) { arguments, session throws(DriverError) in
    try Process.print(try session.plan(try session.source(arguments)).script)
  }
}
