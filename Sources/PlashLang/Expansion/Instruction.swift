/// What expansion yields: one physical line of the printed script, and where it came from.
struct Instruction: Sendable {
  enum Content: Sendable {
    case shell([UInt8])
    case hint(Hint)
  }

  let content: Content
  let origin: Origin

  /// As it is printed.
  var text: ArraySlice<UInt8> {
    switch content {
    case .shell(let line): line[...]
    case .hint(let hint): hint.text[...]
    }
  }
}
