/// Where the data of a file with holes go.
struct SparseMap: Sendable, Equatable {
  struct Segment: Sendable, Equatable {
    let offset: Int
    let length: Int
  }

  let segments: [Segment]
  /// The file's size, holes and all.
  let size: Int

  /// Nil unless the segments are in order, apart, inside the file, and hold exactly `stored` bytes.
  /// `numbers`: offsets and lengths by turns.
  init?(numbers: [Int], size: Int, stored: Int) {
    guard numbers.count.isMultiple(of: 2), size >= 0 else { return nil }
    var segments: [Segment] = []
    var end = 0
    var sum = 0
    for index in stride(from: 0, to: numbers.count, by: 2) {
      let segment = Segment(offset: numbers[index], length: numbers[index + 1])
      guard segment.offset >= end, segment.length >= 0, segment.length <= size - segment.offset else {
        return nil
      }
      end = segment.offset + segment.length
      sum += segment.length
      if segment.length > 0 { segments.append(segment) }
    }
    guard sum == stored else { return nil }
    self.segments = segments
    self.size = size
  }
}
