/// Line numbers of many places: those that follow each other in a text cost one pass over it.
struct LineCounter {
  private var file: SourceFile?
  private var offset = 0
  private var line = 1

  mutating func line(of place: Origin) -> Int {
    if place.file.words != nil { return 1 }
    if file !== place.file || place.span.lowerBound < offset {
      file = place.file
      offset = 0
      line = 1
    }
    line += place.file.text[offset..<place.span.lowerBound].count { $0 == UInt8(ascii: "\n") }
    offset = place.span.lowerBound
    return line
  }
}
