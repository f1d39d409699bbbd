/// Lays out diagnostics: headers, places, source lines with carets.
struct DiagnosticPage {
  enum Style: String {
    case error = "\u{1B}[1;31m"
    case note = "\u{1B}[1;36m"
    case gutter = "\u{1B}[1;34m"
    case bold = "\u{1B}[1m"
  }

  private(set) var text: [UInt8] = []
  private let inColour: Bool

  init(inColour: Bool) {
    self.inColour = inColour
  }

  /// `error: message`
  mutating func header(_ word: String, _ style: Style, _ message: [UInt8]) {
    put(Array(word.utf8), style)
    put(": ")
    put(message, style == .error ? .bold : nil)
    put("\n")
  }

  /// The place of an origin, its line, and a caret below with a label.
  mutating func snippet(of origin: Origin, label: [UInt8], _ style: Style) {
    let location = origin.location
    let number = Array(String(location.line).utf8)
    let margin = String(repeating: " ", count: number.count)
    put(Array("\(margin)--> ".utf8), .gutter)
    put(PrintableText.escape(origin.file.name[...]))
    put(":\(location.line):\(location.column)\n")
    let line = SourceExcerpt(of: origin)
    put(Array("\(margin) |\n".utf8), .gutter)
    put(number + Array(" |".utf8), .gutter)
    if !line.text.isEmpty { put([UInt8(ascii: " ")] + line.text) }
    put("\n")
    put(Array("\(margin) | ".utf8), .gutter)
    put(String(repeating: " ", count: line.caretStart))
    put(
      Array(String(repeating: "^", count: line.caretWidth).utf8)
        + (label.isEmpty ? [] : Array(" ".utf8) + label), style)
    put("\n")
  }

  private mutating func put(_ string: String) {
    text += string.utf8
  }

  private mutating func put(_ bytes: [UInt8], _ style: Style? = nil) {
    guard inColour, let style else {
      text += bytes
      return
    }
    text += style.rawValue.utf8
    text += bytes
    text += "\u{1B}[0m".utf8
  }
}
