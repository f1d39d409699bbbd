@testable import PlashImages
@testable import PlashRuntime

/// An archive made of any bytes: its headers get right checksums, or hardly any input would get past the first.
final class FuzzedArchive: ByteSource {
  private var rest: ArraySlice<UInt8>

  init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    var bytes = Bytes(UnsafeBufferPointer(start: start, count: count))
    bytes += Bytes(repeating: 0, count: (512 - bytes.count % 512) % 512)
    for block in stride(from: 0, to: bytes.count, by: 512) { FuzzedArchive.repair(&bytes, block) }
    rest = (bytes + Bytes(repeating: 0, count: 1024))[...]
  }

  var content: Bytes { Bytes(rest) }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = rest.prefix(buffer.count)
    buffer.copyBytes(from: piece)
    rest = rest.dropFirst(piece.count)
    return piece.count
  }

  /// What looks like a header: the checksum's field ends as all programs write it.
  private static func repair(_ bytes: inout Bytes, _ block: Int) {
    let field = block + 148..<block + 156
    guard bytes[block + 155] == 0x20 || bytes[block + 154] == 0 else { return }
    if bytes[block..<block + 512].allSatisfy({ $0 == 0 }) { return }
    bytes.replaceSubrange(field, with: Bytes(repeating: 0x20, count: 8))
    var sum = bytes[block..<block + 512].reduce(0) { $0 + Int($1) }
    for index in field.dropLast(2).reversed() {
      bytes[index] = 0x30 + UInt8(sum & 7)
      sum >>= 3
    }
    bytes[block + 154] = 0
  }
}
