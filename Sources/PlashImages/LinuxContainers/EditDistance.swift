internal import PlashRuntime

/// How far two names are apart.
enum EditDistance {
  /// The number of letters to insert, delete or replace (Levenshtein).
  static func of(_ left: Bytes, _ right: Bytes) -> Int {
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
