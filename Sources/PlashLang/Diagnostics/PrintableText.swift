/// Text of users made safe for a terminal: what would act on it is shown as `\xNN` or `\u{...}`.
enum PrintableText {
  /// `tab`: what stands for a tab.
  static func escape(_ text: ArraySlice<UInt8>, tab: String = "\\t") -> [UInt8] {
    if text.allSatisfy({ (0x20..<0x7F).contains($0) }) { return Array(text) }
    return UnicodeScalars(of: text).flatMap { cell(of: $0, tab: tab).text }
  }

  /// How one character is shown, and how many columns that takes.
  static func cell(of character: UnicodeScalars.Element, tab: String) -> (text: [UInt8], width: Int) {
    guard let scalar = character.scalar else {
      return escaped("\\x", character.bytes.first.map(UInt32.init) ?? 0, "")
    }
    if scalar == "\t" { return (Array(tab.utf8), tab.utf8.count) }
    if scalar.value < 0x20 || scalar.value == 0x7F { return escaped("\\x", scalar.value, "") }
    if actsOnTerminal(scalar.value) { return escaped("\\u{", scalar.value, "}") }
    return (Array(character.bytes), width(of: scalar))
  }

  private static func escaped(_ start: String, _ value: UInt32, _ end: String) -> (text: [UInt8], width: Int) {
    let digits = String(value, radix: 16, uppercase: true)
    let text = start + (digits.utf8.count < 2 ? "0" : "") + digits + end
    return (Array(text.utf8), text.utf8.count)
  }

  /// C1 controls, line and paragraph separators, invisible marks, and all that changes the direction of text.
  private static func actsOnTerminal(_ value: UInt32) -> Bool {
    switch value {
    case 0x80...0x9F, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    default: false
    }
  }

  /// Columns on a terminal: combining marks take none, East Asian characters and pictures two.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F, 0x200C, 0x200D, 0xFE00...0xFE0F, 0x20D0...0x20FF: 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
