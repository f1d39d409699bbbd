extension [UInt8] {
  /// As text that a terminal shows as it is: control and direction characters, and what is not UTF-8, become `\xNN`.
  public var printable: String {
    var text = ""
    var decoder = UTF8()
    var rest = self[...]
    while let first = rest.first {
      var bytes = rest.makeIterator()
      let scalar =
        switch decoder.decode(&bytes) {
        case .scalarValue(let scalar) where !scalar.isDeceptive: scalar
        case .scalarValue, .emptyInput, .error: Unicode.Scalar?.none
        }
      if let scalar {
        text.unicodeScalars.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        text += "\\x" + (first < 16 ? "0" : "") + String(first, radix: 16)
        rest = rest.dropFirst()
      }
      decoder = UTF8()
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Moves the cursor, changes the terminal, or turns the direction of writing.
  fileprivate var isDeceptive: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
