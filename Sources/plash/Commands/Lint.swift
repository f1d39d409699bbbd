import PlashDriver
import PlashRuntime

extension Command {
  static let lint = Command(
    name: "lint", arguments: "[--short|--json] FILE...",
    description: """
      Show what Plashfiles say and probably do not mean.
      With --short each finding is a line `file:line:column: message [rule]`, with --json an object in an array. The exit
      status is 1 if there is any. docs/lint has a page for each rule.
      """,
    flags: ["--short", "--json"], counts: 1...Command.many
  ) { words, _ throws(DriverError) in
    if words.has("--short") && words.has("--json") { throw .usage("plash lint [--short|--json] FILE...") }
    try PlashfileTools.lint(words.rest, as: words.has("--short") ? .short : words.has("--json") ? .json : .full)
  }
}
