internal import PlashRuntime

/// Text of users and of the other side, as a terminal may get it: control bytes and what is not UTF-8 as `\xNN`,
/// characters that turn text around or have no shape as `\u{NNNN}`.
func printable(_ bytes: Bytes) -> String {
  var text = ""
  var rest = bytes[...]
  while let byte = rest.first {
    let scalar = rest.prefix(4).firstScalar
    if let scalar, byte >= 0x20, byte != 0x7F, !scalar.properties.isControlling {
      text.unicodeScalars.append(scalar)
      rest.removeFirst(UTF8.width(scalar))
    } else if let scalar, byte >= 0x80 {
      text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      rest.removeFirst(UTF8.width(scalar))
    } else {
      let hex = String(byte, radix: 16)
      text += "\\x" + (hex.count < 2 ? "0" : "") + hex
      rest.removeFirst()
    }
  }
  return text
}

extension ArraySlice<UInt8> {
  /// The scalar that these bytes begin with, if they are UTF-8.
  fileprivate var firstScalar: Unicode.Scalar? {
    var iterator = makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return scalar
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isControlling: Bool {
    generalCategory == .control || generalCategory == .format || generalCategory == .lineSeparator
      || generalCategory == .paragraphSeparator
  }
}
