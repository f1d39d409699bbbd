/// Follows shell text byte by byte, just enough to know whether a place is within quotes.
struct ShellScanner {
  private enum State { case plain, single, double, comment }

  private var state = State.plain
  private var isEscaped = false
  private var isWordStart = true

  /// Between two single or two double quotes.
  var isInQuotes: Bool { state == .single || state == .double }

  mutating func take(_ byte: UInt8) {
    if isEscaped {
      isEscaped = false
      isWordStart = false
      return
    }
    switch state {
    case .plain: takePlain(byte)
    case .single: if byte == UInt8(ascii: "'") { state = .plain }
    case .double: takeDouble(byte)
    case .comment: if byte == UInt8(ascii: "\n") { state = .plain }
    }
    isWordStart = state == .plain && [0x20, 0x09, 0x0A, UInt8(ascii: ";")].contains(byte)
  }

  private mutating func takePlain(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "'"): state = .single
    case UInt8(ascii: "\""): state = .double
    case UInt8(ascii: "\\"): isEscaped = true
    case UInt8(ascii: "#") where isWordStart: state = .comment
    default: break
    }
  }

  private mutating func takeDouble(_ byte: UInt8) {
    if byte == UInt8(ascii: "\\") { isEscaped = true }
    if byte == UInt8(ascii: "\"") { state = .plain }
  }
}
