import PlashDriver
import PlashLang
import PlashRuntime

/// All commands, and how words find theirs.
enum CommandTable {
  static let all: [Command] = [
    .run, .build, .lock, .eval, .create, .runOptions, .withMount, .mount,
    .importTar, .importURL, .importLXC, .importDocker, .images, .exportTar, .copy, .shallowCopy, .addLayer,
    .list, .inspect, .history, .tree, .diff, .nodepath, .parent, .map,
    .remove, .prune, .shrink, .clean, .purge, .diskUsage, .check,
    .initialize, .data, .sudo, .help, .helpMacros, .macros, .format, .lint, .test, .version,
  ]

  /// The command that an option stands for.
  private static func command(forOption word: String) -> String? {
    switch word {
    case "-h": "help"
    case "--help", "--help-macros", "--version": String(word.dropFirst(2))
    default: nil
    }
  }

  /// Finds the command that the words name and runs it. `words` are without the program's name.
  static func run(_ words: [Bytes], _ session: Session) throws(DriverError) {
    guard let first = words.first else { throw .noCommand }
    let word = String(decoding: first, as: UTF8.self)
    if let name = command(forOption: word) { return try run([Bytes(name.utf8)] + words.dropFirst(), session) }
    if first.first == 0x2D { return try call(.run, words, session) }
    let command = try named(first)
    let arguments = Array(words.dropFirst())
    if arguments.first == Bytes("--help") || arguments.first == Bytes("-h") {
      return try Process.print(Bytes("usage: \(command.usage)\n\(command.description)\n".utf8))
    }
    try call(command, arguments, session)
  }

  static func named(_ name: Bytes) throws(DriverError) -> Command {
    let word = String(decoding: name, as: UTF8.self)
    if let command = all.first(where: { $0.name == word }) { return command }
    throw .unknownCommand(name, nearest: Suggestion.nearest(to: name, among: all.map { Bytes($0.name.utf8) }))
  }

  private static func call(_ command: Command, _ arguments: [Bytes], _ session: Session) throws(DriverError) {
    if command.buildsInline, arguments.first?.first == 0x2D {
      let words = InlineWords(session.takeRefresh(arguments))
      try session.withPlan(of: words.macros) { image throws(DriverError) in
        try check(command, [image.id.digits] + words.rest)
        try command.run([image.id.digits] + words.rest, session)
      }
      return
    }
    let words = command.buildsInline ? withoutMark(arguments) : arguments
    try check(command, words)
    try command.run(words, session)
  }

  /// `ID -- WORDS` is `ID WORDS`: what follows macros can follow a number.
  static func withoutMark(_ words: [Bytes]) -> [Bytes] {
    words.count > 1 && words[1] == Bytes("--") ? [words[0]] + words.dropFirst(2) : words
  }

  private static func check(_ command: Command, _ arguments: [Bytes]) throws(DriverError) {
    if !command.counts.contains(arguments.count) { throw .usage(command.usage) }
  }
}
