internal import CPlashShims
internal import Glibc
internal import PlashRuntime

extension SparseMap {
  /// Where an open file has data. Nil: it has no holes, or its file system does not know. What the file system says is
  /// asked for each file: its count of blocks may hide holes behind room that it keeps for more.
  static func of(_ file: Int32, size: Int) throws(ImportError) -> SparseMap? {
    let firstHole = lseek(file, 0, Int32(PLASH_SEEK_HOLE))
    return (0..<size).contains(firstHole) ? try map(file, size) : nil
  }

  private static func map(_ file: Int32, _ size: Int) throws(ImportError) -> SparseMap? {
    var numbers: [Int] = []
    var stored = 0
    var position = 0
    while position < size {
      let start = lseek(file, position, Int32(PLASH_SEEK_DATA))
      // ENXIO: no data from here on.
      if start < 0 && errno == ENXIO { break }
      if start < 0 { throw .system(.current("lseek")) }
      let end = min(size, try call("lseek") { lseek(file, start, Int32(PLASH_SEEK_HOLE)) })
      numbers += [start, end - start]
      stored += end - start
      position = end
    }
    return SparseMap(numbers: numbers, size: size, stored: stored)
  }

  var stored: Int { segments.reduce(0) { $0 + $1.length } }

  /// As GNU's format 1.0 puts it before the data.
  var text: Bytes {
    // GNU tar learns of a hole at the end from an empty segment there.
    let written = segments + [Segment(offset: size, length: 0)]
    var text = Bytes("\(written.count)\n".utf8)
    for segment in written { text += Bytes("\(segment.offset)\n\(segment.length)\n".utf8) }
    return text + Bytes(repeating: 0, count: TarWriter.padding(text.count))
  }
}
