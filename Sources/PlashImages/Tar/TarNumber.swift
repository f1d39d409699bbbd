internal import PlashRuntime

/// The ways in which archives write numbers.
enum TarNumber {
  /// Blanks, octal digits, then blanks or NULs; an empty field is 0.
  static func octal(_ field: some Collection<UInt8>) -> Int? {
    let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { $0 != 0x20 && $0 != 0 }
    var value = 0
    for digit in digits {
      guard (0x30...0x37).contains(digit), value <= Int.max >> 3 else { return nil }
      value = value << 3 | Int(digit - 0x30)
    }
    return value
  }

  /// Two's complement, the highest byte first; the highest bit of all marks the format, the next one is the sign.
  static func base256(_ field: some Collection<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    let isNegative = first & 0x40 != 0
    var value = isNegative ? -1 : 0
    for byte in CollectionOfOne(isNegative ? first : first & 0x3F) + Array(field.dropFirst()) {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
      if overflow { return nil }
      value = shifted | Int(byte)
    }
    return value
  }

  /// Decimal digits, with a sign perhaps; nothing else.
  static func decimal(_ text: some Collection<UInt8>) -> Int? {
    let isNegative = text.first == 0x2D
    let digits = isNegative ? text.dropFirst() : text.dropFirst(0)
    if digits.isEmpty { return nil }
    var value = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, stillTooLarge) = tens.addingReportingOverflow(Int(digit - 0x30))
      if tooLarge || stillTooLarge { return nil }
      value = sum
    }
    return isNegative ? -value : value
  }

  /// Seconds with a fraction, as pax writes times, rounded down to nanoseconds.
  static func time(_ text: Bytes) -> TarTime? {
    let parts = text.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, let seconds = decimal(whole) ?? saturated(whole) else { return nil }
    guard parts.count == 2 else { return TarTime(seconds: seconds, nanoseconds: 0) }
    let digits = Bytes(parts[1].prefix(9)) + Bytes(repeating: 0x30, count: max(0, 9 - parts[1].count))
    guard let nanoseconds = decimal(digits), nanoseconds >= 0, parts[1].first != 0x2D else { return nil }
    guard whole.first == 0x2D, nanoseconds > 0, seconds > .min else {
      return TarTime(seconds: seconds, nanoseconds: nanoseconds)
    }
    return TarTime(seconds: seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds)
  }

  private static func saturated(_ text: ArraySlice<UInt8>) -> Int? {
    let digits = text.first == 0x2D ? text.dropFirst() : text
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.first == 0x2D ? Int.min : Int.max
  }
}
