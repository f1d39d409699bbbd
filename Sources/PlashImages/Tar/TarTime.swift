/// A time of modification.
struct TarTime: Equatable {
  /// Since 1970, negative before; from 1901 to 2106.
  let seconds: Int
  /// Counted upwards, before 1970 too.
  let nanoseconds: Int

  /// Clamps what not every file system can hold: the same archive makes the same image everywhere.
  init(seconds: Int, nanoseconds: Int) {
    let years = Int(Int32.min)...Int(UInt32.max)
    let isKept = years.contains(seconds)
    self.seconds = min(max(seconds, years.lowerBound), years.upperBound)
    self.nanoseconds = isKept ? nanoseconds : 0
  }
}
