/// Names and passwords in addresses, and their queries, which may have tokens: what errors show of a text does not show them.
enum Credentials {
  /// The text with a `*` for each byte between `://` and the last `@` of the same word before a slash, and behind its `?`; as
  /// long as it was.
  static func masked(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard "@?".utf8.contains(where: text.contains) else { return text }
    var result = text
    var start: Int?
    var (isAddress, isQuery) = (false, false)
    for index in text.indices {
      if text[index] == UInt8(ascii: "/"), text[..<index].suffix(2).elementsEqual(":/".utf8) {
        start = index + 1
        isAddress = true
      } else if text[index] <= UInt8(ascii: " ") || "/?#".utf8.contains(text[index]) {
        start = nil
        isQuery = isQuery || isAddress && text[index] == UInt8(ascii: "?")
        if text[index] <= UInt8(ascii: " ") || text[index] == UInt8(ascii: "#") {
          (isAddress, isQuery) = (false, false)
        }
      } else if text[index] == UInt8(ascii: "@"), let first = start {
        for hidden in first..<index { result[hidden] = UInt8(ascii: "*") }
      }
      if isQuery, !"?'\"".utf8.contains(text[index]) { result[index] = UInt8(ascii: "*") }
    }
    return result
  }
}
