/// Unicode's white space in UTF-8.
enum WhiteSpace {
  /// Gives how many bytes the white space character at `index` has; 0 if there is none.
  static func length(in text: [UInt8], at index: Int, before end: Int) -> Int {
    let byte = text[index]
    if byte < 0x80 { return byte == 0x20 || (0x09...0x0D).contains(byte) ? 1 : 0 }
    guard index + 1 < end else { return 0 }
    let second = text[index + 1]
    if byte == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
    guard (0xE1...0xE3).contains(byte), index + 2 < end else { return 0 }
    return isThreeByteSpace(byte, second, text[index + 2]) ? 3 : 0
  }

  private static func isThreeByteSpace(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first, second) {
    case (0xE1, 0x9A), (0xE3, 0x80): third == 0x80  // U+1680, U+3000
    case (0xE2, 0x80): (0x80...0x8A).contains(third) || [0xA8, 0xA9, 0xAF].contains(third)
    case (0xE2, 0x81): third == 0x9F  // U+205F
    default: false
    }
  }
}
