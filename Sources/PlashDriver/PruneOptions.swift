public import PlashRuntime

/// What `prune` is to keep.
public struct PruneOptions: Sendable {
  /// Only images that were not used for this many seconds are deleted.
  let age: Int
  /// More are deleted until the rest takes no more than this many bytes.
  let size: UInt64?
  /// Nothing is deleted, only named.
  public let isDryRun: Bool
  /// What is deleted is told in JSON.
  public let asJSON: Bool

  static let usage = "plash prune [--keep AGE] [--max SIZE] [-n] [--json]"

  /// Reads the command's arguments.
  public init(_ arguments: [Bytes]) throws(DriverError) {
    var (age, size, isDryRun, asJSON) = (30 * 86_400, UInt64?.none, false, false)
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch String(decoding: option, as: UTF8.self) {
      case "-n": isDryRun = true
      case "--json": asJSON = true
      case "--keep":
        let units: [String: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        age = Int(try Self.number("--keep", rest.popFirst(), units, expected: "`30d`, `12h`, `90m`, `10s` or `0`"))
      case "--max":
        let units: [String: UInt64] = ["": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        size = try Self.number("--max", rest.popFirst(), units, expected: "`20G`, `500M`, `64K`, `1T` or bytes")
      default: throw .usage(Self.usage)
      }
    }
    self.age = age
    self.size = size
    self.isDryRun = isDryRun
    self.asJSON = asJSON
  }

  private static func number(
    _ option: String, _ text: Bytes?, _ units: [String: UInt64], expected: String
  ) throws(DriverError) -> UInt64 {
    guard let text else { throw .usage(usage) }
    let digits = text.prefix { 0x30...0x39 ~= $0 }
    let suffix = String(decoding: text.dropFirst(digits.count), as: UTF8.self)
    guard let number = UInt64(String(decoding: digits, as: UTF8.self)),
      let unit = number == 0 && suffix.isEmpty ? 1 : units[suffix],
      case (let product, false) = number.multipliedReportingOverflow(by: unit), product <= Int.max
    else { throw .invalidOption(name: option, value: text, expected: expected) }
    return product
  }
}
