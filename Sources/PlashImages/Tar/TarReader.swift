internal import PlashRuntime

/// Reads v7, ustar, pax, GNU and star archives, entry by entry. Names stay bytes; what is odd is an error.
struct TarReader: ~Copyable {
  private let input: BlockReader
  private let headerLimit: Int
  private var global = PaxRecords()
  private var dataLeft = 0
  private var padding = 0
  private var offset = 0

  /// `headerLimit`: how many bytes one extended header may have.
  init(_ input: BlockReader, headerLimit: Int) {
    self.input = input
    self.headerLimit = headerLimit
  }

  /// The next entry; nil after the mark that ends the archive. What follows that mark is read and ignored.
  mutating func next() throws(ImportError) -> TarEntry? {
    try skipData()
    var extended = ExtendedHeaders(records: global)
    while true {
      guard let block = try nextHeader() else {
        try input.drain()
        return nil
      }
      let header = TarHeader(bytes: block.bytes)
      switch header.type {
      case UInt8(ascii: "x"), UInt8(ascii: "X"): try add(content(of: header), to: &extended.records)
      case UInt8(ascii: "g"): try addGlobal(content(of: header), to: &extended)
      case UInt8(ascii: "L"): extended.longName = try content(of: header).cString
      case UInt8(ascii: "K"): extended.longLink = try content(of: header).cString
      default: return try entry(header, extended)
      }
    }
  }

  /// The next piece of the current entry's data; nil after the last.
  mutating func nextData() throws(ImportError) -> Slice? {
    if dataLeft == 0 { return nil }
    guard let slice = try input.next(dataLeft) else { throw .truncated }
    dataLeft -= slice.count
    offset += slice.count
    return slice
  }

  /// A header, checked; nil for the block of zeros that ends the archive.
  private mutating func nextHeader() throws(ImportError) -> Slice? {
    guard let block = try input.next(TarHeader.size) else { throw failure(.truncated, first: []) }
    let header = TarHeader(bytes: block.bytes)
    if block.count < TarHeader.size { throw failure(.truncated, first: Bytes(block.bytes)) }
    if header.isZero { return nil }
    guard header.hasGoodChecksum else {
      throw failure(.damaged(offset: offset, .checksum), first: Bytes(block.bytes))
    }
    offset += block.count
    return block
  }

  /// What is wrong from the first bytes on is no archive at all.
  private func failure(_ error: ImportError, first bytes: Bytes) -> ImportError {
    offset == 0 ? .notAnArchive(Lookalike(firstBytes: bytes)) : error
  }

  private mutating func entry(_ header: TarHeader, _ extended: ExtendedHeaders) throws(ImportError)
    -> TarEntry
  {
    try begin(size: number(extended.records.size, header, 124, 12))
    let name = extended.name(header)
    let kind = try kind(header, name, extended)
    // The data of GNU tar's incremental folders are the names in them.
    // A file by its type whose name makes it a directory has data all the same, to be passed over.
    if kind != .file, ![0, UInt8(ascii: "0"), UInt8(ascii: "D")].contains(header.type) { dataLeft = 0; padding = 0 }
    let sparse = kind == .file ? try sparseMap(header, extended.records) : nil
    let time = TarTime(seconds: try number(header, 136, 12), nanoseconds: 0)
    return TarEntry(
      name: name, kind: kind, mode: UInt32(truncatingIfNeeded: try number(header, 100, 8)) & 0o7777,
      user: try number(extended.records.user, header, 108, 8),
      group: try number(extended.records.group, header, 116, 8),
      time: extended.records.time ?? time,
      attributes: extended.records.attributes.map { ExtendedAttribute(name: $0.key, value: $0.value) }, size: dataLeft,
      sparse: sparse)
  }

  /// The sizes that some programs write for entries that have no data mean nothing, as for GNU tar.
  private func kind(_ header: TarHeader, _ name: Bytes, _ extended: ExtendedHeaders) throws(ImportError)
    -> TarEntry.Kind
  {
    switch header.type {
    case 0, UInt8(ascii: "0"): name.last == 0x2F ? .directory : .file
    case UInt8(ascii: "7"), UInt8(ascii: "S"): .file
    case UInt8(ascii: "1"): .hardLink(extended.linkName(header))
    case UInt8(ascii: "2"): .symbolicLink(extended.linkName(header))
    case UInt8(ascii: "3"), UInt8(ascii: "4"): .device
    case UInt8(ascii: "5"), UInt8(ascii: "D"): .directory
    case UInt8(ascii: "6"): .fifo
    default: throw .entry(name, .unknownType(header.type))
    }
  }

  private mutating func begin(size: Int) throws(ImportError) {
    guard size >= 0, size <= Int.max - 1024 else { throw .damaged(offset: offset, .number) }
    dataLeft = size
    padding = (TarHeader.size - size % TarHeader.size) % TarHeader.size
  }

  private mutating func skipData() throws(ImportError) {
    while try nextData() != nil {}
    dataLeft = padding
    padding = 0
    while try nextData() != nil {}
  }

  /// What an extended header says counts more than the field, which is then often nonsense.
  private func number(
    _ extended: Int?, _ header: TarHeader, _ start: Int, _ length: Int
  ) throws(ImportError) -> Int {
    if let extended { return extended }
    return try number(header, start, length)
  }

  private func number(_ header: TarHeader, _ start: Int, _ length: Int) throws(ImportError) -> Int {
    guard let number = header.number(start, length) else { throw .damaged(offset: offset, .number) }
    return number
  }
}

// MARK: - Headers that describe the next entry

extension TarReader {
  private mutating func content(of header: TarHeader) throws(ImportError) -> Bytes {
    let size = try number(header, 124, 12)
    if size > headerLimit { throw .tooMuch(.header, headerLimit) }
    try begin(size: size)
    var content = Bytes()
    content.reserveCapacity(size)
    while let slice = try nextData() { content.append(contentsOf: slice.bytes) }
    try skipData()
    return content
  }

  private func add(_ content: Bytes, to records: inout PaxRecords) throws(ImportError) {
    guard records.add(content) else { throw .damaged(offset: offset, .extendedHeader) }
    if records.unbounded > headerLimit { throw .tooMuch(.header, headerLimit) }
  }

  /// A name for all entries to come makes no sense, and is what attacks are made of; so are attributes, to be set on each.
  private mutating func addGlobal(_ content: Bytes, to extended: inout ExtendedHeaders) throws(ImportError) {
    guard global.add(content), !global.nameOneEntry else { throw .damaged(offset: offset, .extendedHeader) }
    if global.unbounded > headerLimit { throw .tooMuch(.header, headerLimit) }
    try add(content, to: &extended.records)
  }
}

// MARK: - Files with holes

extension TarReader {
  private mutating func sparseMap(_ header: TarHeader, _ records: PaxRecords) throws(ImportError)
    -> SparseMap?
  {
    if header.type == UInt8(ascii: "S") { return try oldSparseMap(header) }
    if records.sparse.isEmpty { return nil }
    let numbers = records.sparse.hasMapInData ? try mapInData() : records.sparse.numbers
    return try checked(SparseMap(numbers: numbers, size: records.sparse.realSize ?? -1, stored: dataLeft))
  }

  private func checked(_ map: SparseMap?) throws(ImportError) -> SparseMap {
    guard let map else { throw .damaged(offset: offset, .sparseMap) }
    return map
  }

  /// GNU's own format: four segments in the header, the others in blocks of 21 between it and the data.
  private mutating func oldSparseMap(_ header: TarHeader) throws(ImportError) -> SparseMap {
    let size = try number(header, 483, 12)
    var numbers = try oldSegments(header, at: 386, count: 4)
    var hasMore = header.bytes[482] != 0
    while hasMore {
      guard let block = try input.next(TarHeader.size), block.count == TarHeader.size else {
        throw .truncated
      }
      offset += block.count
      let more = TarHeader(bytes: block.bytes)
      numbers += try oldSegments(more, at: 0, count: 21)
      if numbers.count * 12 > headerLimit { throw .tooMuch(.header, headerLimit) }
      hasMore = more.bytes[504] != 0
    }
    return try checked(SparseMap(numbers: numbers, size: size, stored: dataLeft))
  }

  private func oldSegments(_ header: TarHeader, at start: Int, count: Int) throws(ImportError) -> [Int] {
    var numbers: [Int] = []
    for index in 0..<count where header.bytes[start + 24 * index] != 0 {
      numbers.append(try number(header, start + 24 * index, 12))
      numbers.append(try number(header, start + 24 * index + 12, 12))
    }
    return numbers
  }

  /// Format 1.0: a count, then offsets and lengths, a decimal number on each line, filled up to whole blocks.
  private mutating func mapInData() throws(ImportError) -> [Int] {
    var numbers: [Int] = []
    var line = Bytes()
    var taken = 0
    while numbers.first.map({ numbers.count < 1 + 2 * $0 }) ?? true {
      guard dataLeft >= TarHeader.size, let block = try input.next(TarHeader.size),
        block.count == TarHeader.size
      else { throw .damaged(offset: offset, .sparseMap) }
      dataLeft -= block.count
      offset += block.count
      taken += block.count
      if taken > headerLimit { throw .tooMuch(.header, headerLimit) }
      for byte in block.bytes where byte != 0x0A || !line.isEmpty {
        if byte != 0x0A { line.append(byte); continue }
        if let first = numbers.first, numbers.count >= 1 + 2 * first { break }
        guard let number = TarNumber.decimal(line), (0...Int.max / 4).contains(number) else {
          throw .damaged(offset: offset, .sparseMap)
        }
        numbers.append(number)
        line = []
      }
    }
    return Array(numbers.dropFirst())
  }
}

extension [UInt8] {
  /// The bytes before the first NUL.
  fileprivate var cString: Bytes { Bytes(prefix { $0 != 0 }) }
}
