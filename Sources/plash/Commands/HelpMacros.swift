import PlashDriver
import PlashRuntime

extension Command {
  static let helpMacros = Command(
    name: "help-macros", arguments: "[LIBRARY]",
    description: """
      List the macros, or those of a library.
      LIBRARY is a name that can be imported, or a path with a slash in it.
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    try Process.print(try MacroHelp(session, library: arguments.first).overview)
  }
}
