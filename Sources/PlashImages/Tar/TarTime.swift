/// A time of modification.
struct TarTime: Equatable {
  /// Since 1970, within what every file system here can hold.
  let seconds: Int
  let nanoseconds: Int

  /// Clamps what is before 1970 or after 2106: no file was made then, and not every file system can say so.
  init(seconds: Int, nanoseconds: Int) {
    let isKept = (0...Int(UInt32.max)).contains(seconds)
    self.seconds = min(max(seconds, 0), Int(UInt32.max))
    self.nanoseconds = isKept ? nanoseconds : 0
  }
}
