import PlashDriver
import PlashRuntime

extension Command {
  static let sudo = Command(
    name: "sudo", arguments: "[COMMAND...]",
    description: """
      Run a command as root of a new user namespace, on the host's root file system.
      In it the files of images can be handled, which belong to your subordinate ids. Without COMMAND your shell is run.
      """,
    counts: 0...Command.many
  ) { arguments, session throws(DriverError) in
    try session.enterNamespace()
    try Process.become(arguments.isEmpty ? [session.settings.shell] : arguments)
  }
}
