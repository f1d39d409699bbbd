import PlashDriver
import PlashRuntime

/// The words of a command that has options without values, which may stand anywhere.
struct FlagWords {
  private let flags: [Bytes]
  /// All other words.
  let rest: [Bytes]

  /// Throws the usage line for an option that is not among these and for a wrong number of other words.
  fileprivate init(
    _ words: [Bytes], flags: [StaticString], counts: ClosedRange<Int>, usage: String
  ) throws(DriverError) {
    let known = flags.map { Bytes($0) }
    self.flags = words.filter { known.contains($0) }
    rest = words.filter { !known.contains($0) }
    guard counts.contains(rest.count), !rest.contains(where: { $0.first == 0x2D }) else {
      throw .usage(usage)
    }
  }

  func has(_ flag: StaticString) -> Bool { flags.contains(Bytes(flag)) }
}

extension Command {
  /// A command with such options; `counts` is about its other words.
  init(
    name: String, arguments: String, description: String, flags: [StaticString], counts: ClosedRange<Int>,
    run: @escaping @Sendable (_ words: FlagWords, _ session: Session) throws(DriverError) -> Void
  ) {
    self.init(name: name, arguments: arguments, description: description, counts: 0...Command.many) {
      words, session throws(DriverError) in
      try run(FlagWords(words, flags: flags, counts: counts, usage: "plash \(name) \(arguments)"), session)
    }
  }
}
