/// The number of an image, given out in order and never again.
public struct ImageID: Hashable, Comparable, Sendable {
  /// 0 is the empty root image, otherwise 1 to 9,999,999,999.
  public let number: UInt64

  /// The empty root image: the parent of bases.
  public static let empty = ImageID(number: 0)

  init(number: UInt64) { self.number = number }

  /// The id written in `text`: a decimal number from 1, without sign, blanks or leading zeros. Otherwise nil.
  public init?(_ text: some Collection<UInt8>) {
    guard let first = text.first, first != 0x30, text.count <= 10, text.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      return nil
    }
    number = text.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
  }

  /// The decimal digits.
  public var digits: Bytes { Bytes(String(number).utf8) }

  /// Where the layer's own things lie, from the data directory.
  var data: Bytes { Bytes("data/") + digits }

  /// In the order in which they were given out.
  public static func < (left: ImageID, right: ImageID) -> Bool { left.number < right.number }
}
