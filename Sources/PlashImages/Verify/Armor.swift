internal import PlashRuntime

/// ASCII armor, RFC 4880 section 6: one block, nothing around it.
enum Armor {
  /// The bytes inside; nil unless `text` is exactly one armored signature.
  static func content(of text: Bytes) -> Bytes? {
    var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      Bytes(line.reversed().drop { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }.reversed())
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.first == Bytes("-----BEGIN PGP SIGNATURE-----"), lines.last == Bytes("-----END PGP SIGNATURE-----"),
      let blank = lines.firstIndex(of: []), lines[1..<blank].allSatisfy({ $0.contains(0x3A) })
    else { return nil }
    var body = lines[(blank + 1)..<(lines.count - 1)]
    if body.last?.first == 0x3D { body.removeLast() }
    return base64(body.joined())
  }

  private static func base64(_ text: some Sequence<UInt8>) -> Bytes? {
    var bytes = Bytes()
    var bits = 0
    var count = 0
    var isAtEnd = false
    for letter in text {
      if letter == 0x3D {
        isAtEnd = true
        continue
      }
      guard !isAtEnd, let value = value(letter) else { return nil }
      bits = (bits << 6 | Int(value)) & 0xFFFF
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return bytes
  }

  private static func value(_ letter: UInt8) -> UInt8? {
    switch letter {
    case 0x41...0x5A: letter - 0x41
    case 0x61...0x7A: letter - 0x61 + 26
    case 0x30...0x39: letter - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
