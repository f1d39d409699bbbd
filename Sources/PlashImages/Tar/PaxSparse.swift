internal import PlashRuntime

/// What GNU tar says in extended headers about files with holes, formats 0.0, 0.1 and 1.0.
struct PaxSparse {
  private(set) var name: Bytes?
  private(set) var realSize: Int?
  /// Offsets and lengths by turns.
  private(set) var numbers: [Int] = []
  private var major: Int?
  private(set) var isEmpty = true

  /// Whether the map stands at the beginning of the data.
  var hasMapInData: Bool { major == 1 }

  mutating func set(_ keyword: Bytes, _ value: Bytes) -> Bool {
    isEmpty = false
    switch keyword {
    case Bytes("name"): name = value
    case Bytes("map"): return setMap(value)
    case Bytes("major"), Bytes("size"), Bytes("realsize"), Bytes("offset"), Bytes("numbytes"):
      guard let number = TarNumber.decimal(value), number >= 0 else { return false }
      set(keyword, number)
    default: break
    }
    return true
  }

  private mutating func set(_ keyword: Bytes, _ number: Int) {
    switch keyword {
    case Bytes("major"): major = number
    case Bytes("offset"), Bytes("numbytes"): numbers.append(number)
    default: realSize = number
    }
  }

  private mutating func setMap(_ value: Bytes) -> Bool {
    let parts = value.split(separator: 0x2C).map { TarNumber.decimal($0) }
    numbers = parts.compactMap { $0 }
    return numbers.count == parts.count
  }
}
