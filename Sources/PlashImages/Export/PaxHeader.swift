internal import PlashRuntime

/// What an entry's own header cannot say.
struct PaxHeader {
  private(set) var content = Bytes()

  var isEmpty: Bool { content.isEmpty }

  init(_ entry: ExportEntry) {
    let isBinary = !entry.path.isUTF8 || !entry.target.isUTF8
    // Else programs would take names for UTF-8 and change them.
    if isBinary { add("hdrcharset", Bytes("BINARY")) }
    if entry.sparse == nil, UstarHeader.split(entry.path) == nil || isBinary { add("path", entry.path) }
    if entry.target.count > 100 || (isBinary && !entry.target.isEmpty) { add("linkpath", entry.target) }
    addNumbers(entry)
    for attribute in entry.attributes { add(Bytes("SCHILY.xattr.") + attribute.name, attribute.value) }
    if let sparse = entry.sparse { add(sparse, entry.path) }
  }

  private mutating func addNumbers(_ entry: ExportEntry) {
    let size = UstarHeader.dataSize(entry)
    if size > UstarHeader.largestSize { add("size", Bytes("\(size)".utf8)) }
    if entry.user > UstarHeader.largestID { add("uid", Bytes("\(entry.user)".utf8)) }
    if entry.group > UstarHeader.largestID { add("gid", Bytes("\(entry.group)".utf8)) }
    if entry.nanoseconds != 0 || !(0...UstarHeader.largestSize).contains(entry.seconds) {
      add("mtime", PaxHeader.time(entry.seconds, entry.nanoseconds))
    }
  }

  private mutating func add(_ sparse: SparseMap, _ path: Bytes) {
    add("GNU.sparse.major", Bytes("1"))
    add("GNU.sparse.minor", Bytes("0"))
    add("GNU.sparse.name", path)
    add("GNU.sparse.realsize", Bytes("\(sparse.size)".utf8))
  }

  private mutating func add(_ keyword: StaticString, _ value: Bytes) { add(Bytes(keyword), value) }

  /// The length counts its own digits.
  private mutating func add(_ keyword: Bytes, _ value: Bytes) {
    let rest = keyword.count + value.count + 3
    var length = rest + 1
    while rest + "\(length)".utf8.count != length { length += 1 }
    content += Bytes("\(length) ".utf8) + keyword + [0x3D] + value + [0x0A]
  }

  /// Decimal, with a fraction as short as it can be. Before 1970 the kernel counts nanoseconds upwards, decimals do not.
  private static func time(_ seconds: Int, _ nanoseconds: Int) -> Bytes {
    if nanoseconds == 0 { return Bytes("\(seconds)".utf8) }
    let isNegative = seconds < 0
    let whole = isNegative ? -(seconds + 1) : seconds
    let fraction = Bytes("\(1_000_000_000 + (isNegative ? 1_000_000_000 - nanoseconds : nanoseconds))".utf8)
    let digits = fraction.dropFirst().reversed().drop { $0 == 0x30 }.reversed()
    return Bytes("\(isNegative ? "-" : "")\(whole).".utf8) + digits
  }
}

extension [UInt8] {
  fileprivate var isUTF8: Bool { allSatisfy { $0 < 0x80 } || String(validating: self, as: UTF8.self) != nil }
}
