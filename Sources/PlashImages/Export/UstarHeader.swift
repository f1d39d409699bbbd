internal import PlashRuntime

/// A header as it is written. What does not fit is cut or left 0: the extended header says it.
struct UstarHeader {
  private(set) var bytes = Bytes(repeating: 0, count: TarHeader.size)

  /// The largest number in a field of 8 and of 12 bytes.
  static let largestID = 0o7777777
  static let largestSize = 0o77777777777

  /// The header of an extended header.
  init(name: Bytes, kind: UInt8, size: Int) {
    put(name.prefix(100), at: 0)
    put(0o644, at: 100, width: 8)
    put(0, at: 108, width: 8)
    put(0, at: 116, width: 8)
    put(size, at: 124, width: 12)
    put(0, at: 136, width: 12)
    finish(kind)
  }

  init(_ entry: ExportEntry) {
    let (prefix, name) = UstarHeader.split(entry.path) ?? ([], entry.path.prefix(100))
    put(name, at: 0)
    put(prefix, at: 345)
    put(entry.mode, at: 100, width: 8)
    put(entry.user, at: 108, width: 8)
    put(entry.group, at: 116, width: 8)
    put(UstarHeader.dataSize(entry), at: 124, width: 12)
    put(entry.seconds, at: 136, width: 12)
    put(entry.target.prefix(100), at: 157)
    put(entry.device.major, at: 329, width: 8)
    put(entry.device.minor, at: 337, width: 8)
    finish(entry.kind)
  }

  /// A name as prefix and name, parted at a slash; nil: it does not fit.
  static func split(_ path: Bytes) -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
    if path.count <= 100 { return ([], path[...]) }
    let last = path.last == 0x2F ? path.count - 1 : path.count
    guard let slash = path[max(0, path.count - 101)..<last].firstIndex(of: 0x2F), slash <= 155, slash > 0
    else { return nil }
    return (path[..<slash], path[(slash + 1)...])
  }

  /// How many bytes follow the header.
  static func dataSize(_ entry: ExportEntry) -> Int {
    entry.sparse.map { $0.text.count + $0.stored } ?? entry.size
  }

  private mutating func put(_ text: ArraySlice<UInt8>, at start: Int) {
    bytes.replaceSubrange(start..<start + text.count, with: text)
  }

  private mutating func put(_ number: Int, at start: Int, width: Int) {
    var rest = max(0, number)
    for index in stride(from: start + width - 2, through: start, by: -1) {
      bytes[index] = 0x30 + UInt8(rest & 7)
      rest >>= 3
    }
    // Too large: 0, and the extended header has the number.
    if rest > 0 { put(0, at: start, width: width) }
  }

  private mutating func finish(_ kind: UInt8) {
    bytes[156] = kind
    put(Bytes("ustar\u{0}00")[...], at: 257)
    put(Bytes("        ")[...], at: 148)
    let sum = bytes.reduce(0) { $0 + Int($1) }
    put(sum, at: 148, width: 7)
    bytes[154] = 0
    bytes[155] = 0x20
  }
}
