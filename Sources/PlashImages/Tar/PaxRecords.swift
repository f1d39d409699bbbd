internal import PlashRuntime

/// The records of an extended header, `LENGTH KEYWORD=VALUE\n`, as POSIX defines them.
struct PaxRecords {
  private(set) var path: Bytes?
  private(set) var linkPath: Bytes?
  private(set) var size: Int?
  private(set) var user: Int?
  private(set) var group: Int?
  private(set) var time: TarTime?
  /// Names and values; of a name that comes twice the last value.
  private(set) var attributes: [Bytes: Bytes] = [:]
  private(set) var sparse = PaxSparse()
  /// How many bytes there have been of what can be of any number: attributes and the map of a file with holes.
  private(set) var unbounded = 0

  /// Adds the records of `content`. Gives false if they make no sense.
  mutating func add(_ content: Bytes) -> Bool {
    var rest = content[...]
    while let first = rest.first, first != 0 {
      guard let record = PaxRecords.takeRecord(&rest) else { return false }
      guard let equals = record.firstIndex(of: 0x3D), equals > record.startIndex else { return false }
      guard set(Bytes(record[..<equals]), Bytes(record[(equals + 1)...])) else { return false }
    }
    return true
  }

  /// Whether something is named that can only belong to a single entry.
  var nameOneEntry: Bool {
    path != nil || linkPath != nil || size != nil || !attributes.isEmpty || !sparse.isEmpty
  }

  private static func takeRecord(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let blank = rest.firstIndex(of: 0x20), let length = TarNumber.decimal(rest[..<blank]) else {
      return nil
    }
    let end = rest.startIndex.addingReportingOverflow(length)
    guard !end.overflow, end.partialValue <= rest.endIndex, end.partialValue > blank + 2 else { return nil }
    guard rest[end.partialValue - 1] == 0x0A else { return nil }
    let record = rest[(blank + 1)..<(end.partialValue - 1)]
    rest = rest[end.partialValue...]
    return record
  }

  private mutating func set(_ keyword: Bytes, _ value: Bytes) -> Bool {
    switch keyword {
    case Bytes("path"): path = value
    case Bytes("linkpath"): linkPath = value
    case Bytes("size"): return PaxRecords.assign(&size, TarNumber.decimal(value))
    case Bytes("uid"): return PaxRecords.assign(&user, TarNumber.decimal(value))
    case Bytes("gid"): return PaxRecords.assign(&group, TarNumber.decimal(value))
    case Bytes("mtime"): return PaxRecords.assign(&time, TarNumber.time(value))
    default: return setExtension(keyword, value)
    }
    return true
  }

  /// Vendors' keywords; unknown ones are skipped, as POSIX asks for.
  private mutating func setExtension(_ keyword: Bytes, _ value: Bytes) -> Bool {
    unbounded += keyword.count + value.count
    if keyword.starts(with: Bytes("GNU.sparse.")) { return sparse.set(Bytes(keyword.dropFirst(11)), value) }
    if keyword.starts(with: Bytes("SCHILY.xattr.")) {
      attributes[Bytes(keyword.dropFirst(13))] = value
    }
    return true
  }

  private static func assign<Value>(_ place: inout Value?, _ value: Value?) -> Bool {
    if value != nil { place = value }
    return value != nil
  }
}
