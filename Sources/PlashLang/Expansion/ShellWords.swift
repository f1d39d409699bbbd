/// Splits a text as a POSIX shell splits words, without any expansion; `#` is a character as any other.
enum ShellWords {
  /// Gives the words; nil if a quote is not closed or a backslash is the last character.
  static func split(_ text: ArraySlice<UInt8>) -> [[UInt8]]? {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        if let finished = word { words.append(finished) }
        word = nil
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        guard let quoted = takeQuoted(until: byte, from: &rest) else { return nil }
        word = (word ?? []) + quoted
      case UInt8(ascii: "\\"):
        guard let escaped = rest.popFirst() else { return nil }
        word = (word ?? []) + [escaped]
      default: word = (word ?? []) + [byte]
      }
    }
    if let finished = word { words.append(finished) }
    return words
  }

  private static func takeQuoted(until quote: UInt8, from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == quote { return text }
      let escapes = quote == UInt8(ascii: "\"") && byte == UInt8(ascii: "\\")
      if escapes, let next = rest.first, next == quote || next == byte {
        text.append(next)
        rest = rest.dropFirst()
      } else {
        text.append(byte)
      }
    }
    return nil
  }
}
