import PlashDriver
import PlashRuntime

extension Command {
  static let help = Command(
    name: "help", arguments: "[COMMAND|--MACRO|apparmor]",
    description: """
      List the commands, or describe one, or a macro.
      `plash help apparmor` prints a profile for hosts whose AppArmor forbids user namespaces (Ubuntu 24.04).
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    guard let name = arguments.first else { return try Process.print(Bytes(overview.utf8)) }
    if name.first == 0x2D {
      guard let text = try MacroHelp(session).description(of: Bytes(name.drop { $0 == 0x2D })) else {
        throw .unknownMacro(name)
      }
      return try Process.print(text)
    }
    if name == Bytes("apparmor") { return try Process.print(AppArmorProfile.text) }
    let command = try CommandTable.named(name)
    try Process.print(Bytes("usage: \(command.usage)\n\(command.description)\n".utf8))
  }

  private static var overview: String {
    let width = CommandTable.all.map(\.name.count).max() ?? 0
    let lines = CommandTable.all.map { command in
      let padding = String(repeating: " ", count: width - command.name.count)
      let summary = command.description.prefix { $0 != "\n" }
      return "  \(command.name)\(padding)  \(summary)\n"
    }
    return """
      plash builds and runs containers without root: a process with another root file system.

      usage: plash COMMAND [ARGUMENT...]
             plash MACROS... [-- COMMAND...]      build an image and run a command in it

      \(lines.joined())
      `plash COMMAND --help` describes a command, `plash help-macros` lists the macros.

      """
  }
}
