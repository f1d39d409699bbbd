import PlashRuntime

/// The words of a command that builds first: macros up to the first `--`, then its own arguments.
struct InlineWords {
  let macros: [Bytes]
  let rest: [Bytes]

  init(_ words: [Bytes]) {
    let end = words.firstIndex(of: Bytes("--")) ?? words.endIndex
    macros = Array(words[..<end])
    rest = Array(words[end...].dropFirst())
  }
}
