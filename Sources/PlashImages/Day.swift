internal import Glibc
internal import PlashRuntime

/// A day of the calendar, UTC.
struct Day {
  /// As serials begin: `20261123`.
  let digits: Bytes

  /// The day of a moment, in seconds since 1970.
  init(of time: Int) {
    var time = time
    var date = tm()
    gmtime_r(&time, &date)
    let number = (Int(date.tm_year) + 1900) * 10000 + (Int(date.tm_mon) + 1) * 100 + Int(date.tm_mday)
    digits = Bytes("\(number)".utf8)
  }

  /// The day that a serial begins with.
  init(serial: Bytes) { digits = Bytes(serial.prefix(8)) }

  /// As ISO 8601 has it: `2026-11-23`.
  var words: String {
    let parts = [digits.prefix(4), digits.dropFirst(4).prefix(2), digits.dropFirst(6)]
    return parts.map { Bytes($0).printable }.joined(separator: "-")
  }
}
