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
        guard let value = Self.number(rest.popFirst(), units: ["s": 1, "m": 60, "h": 3600, "d": 86_400]) else {
          throw .usage(Self.usage)
        }
        age = Int(value)
      case "--max":
        guard let value = Self.number(rest.popFirst(), units: ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40])
        else { throw .usage(Self.usage) }
        size = value
      default: throw .usage(Self.usage)
      }
    }
    self.age = age
    self.size = size
    self.isDryRun = isDryRun
    self.asJSON = asJSON
  }

  private static func number(_ text: Bytes?, units: [Character: UInt64]) -> UInt64? {
    guard let text, !text.isEmpty else { return nil }
    var digits = String(decoding: text, as: UTF8.self)
    let unit = digits.last.flatMap { units[$0] }
    if unit != nil { digits.removeLast() }
    guard let number = UInt64(digits) else { return nil }
    let (product, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
    return overflows || product > UInt64(Int.max) ? nil : product
  }
}
