/// Finds what a mistyped name may have meant.
public enum Suggestion {
  /// Gives the nearest of the known names, the first in order of those equally near; nil if none is near.
  public static func nearest(to name: [UInt8], among known: [[UInt8]]) -> [UInt8]? {
    guard name.count > 1, name.count <= 64 else { return nil }
    let limit = max(1, name.count / 3)
    var best: (name: [UInt8], distance: Int)?
    let normalized = name.map(normalize)
    for candidate in known where candidate.count > 1 && abs(candidate.count - name.count) <= limit {
      let distance = distance(normalized, candidate.map(normalize))
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// `_` for `-`, and capitals, are the mistakes that are none.
  private static func normalize(_ byte: UInt8) -> UInt8 {
    if byte == UInt8(ascii: "_") { return UInt8(ascii: "-") }
    return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }

  /// Insertions, deletions, substitutions, and swaps of neighbours (optimal string alignment).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var previous = Array(0...right.count)
    for i in left.indices {
      var current = [i + 1]
      for j in right.indices {
        var cost = min(previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, before[j - 1] + 1)
        }
        current.append(cost)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}
