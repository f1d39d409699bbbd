internal import Glibc
internal import PlashRuntime

/// Columns for people to read.
enum TextTable {
  /// The rows with their columns lined up, two blanks between them.
  static func text(_ rows: [[String]]) -> Bytes {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }
    return Bytes(lines.joined().utf8)
  }

  /// As `170M`: powers of 1024, one letter.
  static func size(_ bytes: UInt64) -> String {
    var (value, unit) = (bytes, 0)
    while value >= 10_240, unit < 4 {
      value /= 1024
      unit += 1
    }
    return "\(value)" + ["B", "K", "M", "G", "T"][unit]
  }

  /// How long ago a time (seconds since 1970) is, as `3h`.
  static func age(_ moment: Int) -> String {
    let seconds = max(time(nil) - moment, 0)
    switch seconds {
    case ..<120: return "\(seconds)s"
    case ..<7200: return "\(seconds / 60)m"
    case ..<172_800: return "\(seconds / 3600)h"
    default: return "\(seconds / 86_400)d"
    }
  }
}
