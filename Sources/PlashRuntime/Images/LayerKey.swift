/// What a cached layer is found by: the same on every machine for the same script on the same base.
public struct LayerKey: Hashable, Sendable {
  /// 64 lower-case hexadecimal digits.
  public let hex: Bytes

  /// The key written in `hex`, or nil if that is not one.
  public init?(hex: Bytes) {
    guard hex.count == 64, hex.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }) else { return nil }
    self.hex = hex
  }

  /// SHA-256 over the fields, each led by its length in 8 bytes, so that no two lists of fields look alike.
  private init(fields: [Bytes]) {
    let message = fields.reduce(into: Bytes()) { message, field in
      message += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(field.count) >> (56 - 8 * UInt64($0))) }
      message += field
    }
    hex = SHA256.digest(of: message).hexadecimal
  }

  /// The key of what `script` makes of `parent`. What it makes by emulated root is another layer: its files are all
  /// root's.
  public init(parent: LayerKey, script: Bytes, emulatingRoot: Bool) {
    let emulation = emulatingRoot ? [Bytes("root emulation 1")] : []
    self.init(fields: [Bytes("plash layer 1"), parent.hex, script] + emulation)
  }

  /// The key of a base by the digest of its content. `source` names the way the digest was made.
  public init(base digest: Bytes, source: Bytes) {
    self.init(fields: [Bytes("plash base 1"), source, digest])
  }

  /// The key of all files of the image with the key `image` in one layer.
  init(flattening image: LayerKey) {
    self.init(fields: [Bytes("plash flat image 1"), image.hex])
  }

  /// A key that no other layer has: for what was made by hand.
  public static func unique() -> LayerKey {
    LayerKey(fields: [Bytes("plash unique 1"), randomBytes(32)])
  }
}

extension Bytes {
  /// Two lower-case hexadecimal digits for each byte.
  public var hexadecimal: Bytes {
    let digits = Bytes("0123456789abcdef")
    return flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}

/// Bytes from the kernel's random number generator.
func randomBytes(_ count: Int) -> Bytes {
  (0..<count).map { _ in UInt8.random(in: 0...255) }
}
