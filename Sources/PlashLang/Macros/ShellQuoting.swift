/// The one way for text of users into a shell.
enum ShellQuoting {
  /// One shell word that stands for exactly these bytes: bare if nothing in it is special, else in single quotes.
  static func append(_ text: ArraySlice<UInt8>, to script: inout [UInt8]) {
    if !text.isEmpty, text.allSatisfy(isBare) {
      script += text
      return
    }
    let quote = UInt8(ascii: "'")
    script.append(quote)
    for byte in text {
      if byte == quote { script += "'\"'\"'".utf8 } else { script.append(byte) }
    }
    script.append(quote)
  }

  static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var word: [UInt8] = []
    append(text, to: &word)
    return word
  }

  /// ASCII letters and digits and `_@%+=:,./-`.
  static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "+")...UInt8(ascii: ":"),  // + , - . / digits :
      UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: "="):
      true
    default: false
    }
  }
}
