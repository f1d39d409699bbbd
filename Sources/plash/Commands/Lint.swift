import PlashDriver
import PlashRuntime

extension Command {
  static let lint = Command(
    name: "lint", arguments: "[--short|--json] FILE...",
    description: """
      Show what Plashfiles say and probably do not mean, and what a build would refuse.
      With --short each finding is a line `file:line:column: message [rule]`, with --json an object in an array. The exit
      status is 1 if there is any. Nothing is fetched: what would be refused below an `--eval-url` or `--eval-github` is not
      looked for. A FILE.yaml is checked as a macro library. docs/lint has a page for each rule.
      """,
    flags: ["--short", "--json"], counts: 1...Command.many
  ) { words, session throws(DriverError) in
    if words.has("--short") && words.has("--json") { throw .usage("plash lint [--short|--json] FILE...") }
    let form: PlashfileTools.Form = words.has("--short") ? .short : words.has("--json") ? .json : .full
    try PlashfileTools.lint(words.rest, as: form, for: session)
  }
}
