import PlashDriver
import PlashRuntime

extension Command {
  static let lint = Command(
    name: "lint", arguments: "[--short|--json] FILE...",
    description: """
      Show what Plashfiles say and probably do not mean.
      With --short each finding is a line `file:line:column: message [rule]`, with --json an object. The exit status is 1
      if there is any. docs/lint has a page for each rule.
      """,
    counts: 1...Command.many
  ) { arguments, _ throws(DriverError) in
    let form = PlashfileTools.Form.allCases.first { arguments[0] == Bytes("--\($0.rawValue)".utf8) }
    try PlashfileTools.lint(form == nil ? arguments : Array(arguments.dropFirst()), as: form ?? .full)
  }
}
