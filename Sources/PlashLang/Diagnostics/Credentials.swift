/// Names and passwords in addresses: what errors show of a text does not show them.
enum Credentials {
  /// The text with a `*` for each byte between `://` and the last `@` of the same word before a slash; as long as it was.
  static func masked(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard text.contains(UInt8(ascii: "@")) else { return text }
    var result = text
    var start: Int?
    for index in text.indices {
      if text[index] == UInt8(ascii: "/"), text[..<index].suffix(2).elementsEqual(":/".utf8) {
        start = index + 1
      } else if text[index] <= UInt8(ascii: " ") || "/?#".utf8.contains(text[index]) {
        start = nil
      } else if text[index] == UInt8(ascii: "@"), let first = start {
        for hidden in first..<index { result[hidden] = UInt8(ascii: "*") }
      }
    }
    return result
  }
}
