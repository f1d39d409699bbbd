public import PlashRuntime

/// A SHA-256 digest.
public struct Digest: Hashable, Sendable {
  static let size = 32

  // Not an array: there is one of each file of an import.
  private let first, second, third, last: UInt64

  init(_ bytes: Bytes) {
    precondition(bytes.count == Digest.size, "a digest has 32 bytes")
    let words = bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: Digest.size, by: 8).map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self) }
    }
    (first, second, third, last) = (words[0], words[1], words[2], words[3])
  }

  /// Reads 64 hexadecimal digits, of either case; nil for anything else.
  public init?(hexadecimal text: Bytes) {
    guard text.count == 2 * Digest.size else { return nil }
    var bytes = Bytes()
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = hexadecimalValue(text[index]), let low = hexadecimalValue(text[index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    self.init(bytes)
  }

  /// The 32 bytes.
  public var bytes: Bytes { [first, second, third, last].withUnsafeBytes { Bytes($0) } }

  /// 64 hexadecimal digits, in lower case.
  public var hexadecimal: Bytes {
    let digits = Bytes("0123456789abcdef")
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}

/// The value of a hexadecimal digit.
func hexadecimalValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case 0x30...0x39: digit - 0x30
  case 0x41...0x46: digit - 0x41 + 10
  case 0x61...0x66: digit - 0x61 + 10
  default: nil
  }
}
