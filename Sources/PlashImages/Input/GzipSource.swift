internal import CZlib
internal import PlashRuntime

/// Unpacks gzip by zlib itself: it compares the checksum and the length at the end of each member, which libarchive does not.
final class GzipSource: ByteSource {
  private let source: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 4096)
  // Where it lies zlib remembers.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isAtEnd = false

  init(_ source: any ByteSource) throws(ImportError) {
    self.source = source
    stream.initialize(to: z_stream())
    let gzipAlone: Int32 = 15 + 16
    let status = inflateInit2_(stream, gzipAlone, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { throw .undecodable(.gzip, Bytes("the decoder failed")) }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: buffer.count)
    while Int(stream.pointee.avail_out) == buffer.count && !isAtEnd { try decode() }
    return buffer.count - Int(stream.pointee.avail_out)
  }

  private func decode() throws(ImportError) {
    guard try hasInput() else { throw .undecodable(.gzip, Bytes("it ends too early")) }
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: try beginMember()
    default: throw .undecodable(.gzip, Bytes("the data are damaged"))
    }
  }

  /// A gzip file may be several, one after the other; what else follows is ignored, as by gzip(1).
  private func beginMember() throws(ImportError) {
    if try hasInput(), stream.pointee.next_in.pointee == 0x1F { inflateReset(stream) } else { isAtEnd = true }
  }

  private func hasInput() throws(ImportError) -> Bool {
    if stream.pointee.avail_in > 0 { return true }
    stream.pointee.avail_in = UInt32(try source.read(into: input))
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    return stream.pointee.avail_in > 0
  }
}
