internal import PlashRuntime

/// One 512-byte header, its fields as they stand.
struct TarHeader {
  static let size = 512

  /// Who wrote it: old programs have no magic and no prefix, GNU uses the prefix's place for other things.
  enum Dialect { case old, ustar, gnu, star }

  let bytes: UnsafeRawBufferPointer

  var isZero: Bool { bytes.allSatisfy { $0 == 0 } }
  var type: UInt8 { bytes[156] }

  var dialect: Dialect {
    let magic = bytes[257..<265]
    if magic.elementsEqual(Bytes("ustar  \0")) { return .gnu }
    if !magic.prefix(5).elementsEqual(Bytes("ustar")) { return .old }
    return bytes[508..<512].elementsEqual(Bytes("tar\0")) ? .star : .ustar
  }

  /// Name and prefix, joined.
  var name: Bytes {
    let name = text(0, 100)
    let prefix =
      switch dialect {
      case .old, .gnu: Bytes()
      case .ustar: text(345, 155)
      case .star: text(345, 131)
      }
    return prefix.isEmpty ? name : prefix + [0x2F] + name
  }

  var linkName: Bytes { text(157, 100) }

  /// Some old programs added up signed bytes.
  var hasGoodChecksum: Bool {
    guard let stated = number(148, 8) else { return false }
    // The field itself counts as blanks.
    var sum = 8 * 0x20
    var highBytes = 0
    var index = 0
    while index < TarHeader.size {
      if index == 148 { index = 156 }
      sum += Int(bytes[index])
      highBytes += Int(bytes[index] >> 7)
      index += 1
    }
    return stated == sum || stated == sum - 256 * highBytes
  }

  /// The bytes of a field up to a NUL.
  private func text(_ start: Int, _ length: Int) -> Bytes {
    Bytes(bytes[start..<start + length].prefix { $0 != 0 })
  }

  /// A field's number: octal digits, or base 256 if the highest bit is set. Nil: neither, or too large.
  func number(_ start: Int, _ length: Int) -> Int? {
    let field = bytes[start..<start + length]
    return field[start] & 0x80 != 0 ? TarNumber.base256(field) : TarNumber.octal(field)
  }
}
