internal import PlashRuntime

/// What the headers of the last answer say; each redirection begins them anew.
struct AnswerHeaders {
  private(set) var status = 0
  /// A strong one, which names the exact bytes.
  private(set) var entityTag: Bytes?
  private(set) var length: Int?
  /// Where a part begins.
  private(set) var rangeStart: Int?
  private(set) var retryAfter: Int?
  private(set) var isContradictory = false
  private var size = 0

  /// Takes a line as it came. Gives false if there is too much of it all.
  mutating func add(_ line: Bytes) -> Bool {
    size += line.count
    if line.starts(with: Bytes("HTTP/")) {
      let code = line.split(separator: 0x20).dropFirst().first
      self = AnswerHeaders(status: code.flatMap { Self.number($0.prefix(3)) } ?? 0, size: size)
    } else if let colon = line.firstIndex(of: 0x3A) {
      let isSpace: (UInt8) -> Bool = { $0 <= 0x20 }
      let value = line[(colon + 1)...].drop(while: isSpace).reversed().drop(while: isSpace).reversed()
      set(line[..<colon].map { $0 | 0x20 }, Bytes(value))
    }
    return size <= 256 << 10
  }

  init() {}

  /// Nothing in headers is negative.
  private static func number(_ digits: some Collection<UInt8>) -> Int? {
    digits.first == 0x2D ? nil : TarNumber.decimal(digits)
  }

  private init(status: Int, size: Int) {
    self.status = status
    self.size = size
  }

  private mutating func set(_ name: Bytes, _ value: Bytes) {
    switch name {
    case Bytes("etag"): entityTag = value.first == 0x22 && value.count > 2 ? value : nil
    case Bytes("retry-after"): retryAfter = Self.number(value)
    case Bytes("content-length"):
      let number = Self.number(value)
      isContradictory = isContradictory || number == nil || (length != nil && length != number)
      length = number
    case Bytes("content-range"):
      let first = value.drop { !(0x30...0x39).contains($0) }.prefix { (0x30...0x39).contains($0) }
      rangeStart = TarNumber.decimal(first)
    default: break
    }
  }
}
