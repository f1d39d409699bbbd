public import PlashRuntime

/// What an import may use at most. The defaults let every honest image pass and end a bomb before it hurts.
public struct ExtractionLimits: Sendable {
  /// Bytes of the unpacked archive.
  public var bytes = 64 << 30
  /// Entries of the archive, and directories that only their names imply.
  public var entries = 2_000_000
  /// Bytes of one extended header.
  public var header = 1 << 20
  /// Bytes of memory: for a decompressor, and as much for the attributes of directories, which are kept to the end.
  public var memory = 256 << 20
  /// Bytes that stay free on the disk. Nil: 512 MiB or 3 % of it, whichever is more; of small disks a tenth.
  public var freeSpace: Int?

  /// The defaults.
  public init() {}

  /// A number of bytes: digits, with K, M, G or T (times 1024 each) after them perhaps. Nil: it is none.
  public static func bytes(_ text: Bytes) -> Int? {
    let unit = text.last.flatMap { Bytes("KMGT").firstIndex(of: $0) }
    guard let number = TarNumber.decimal(unit == nil ? text : text.dropLast()), number >= 0 else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: 1 << (unit.map { 10 * ($0 + 1) } ?? 0))
    return overflow ? nil : product
  }
}
