internal import CLZMA
internal import PlashRuntime

/// Unpacks xz and lzma by liblzma itself: it refuses a dictionary beyond a limit, which libarchive does not, and
/// unpacks the blocks of an xz file on all processors as long as they are small.
final class LZMASource: ByteSource {
  /// Bytes for blocks that are unpacked at the same time. `xz` makes blocks of 24 MiB: two of them would take 100 MB
  /// for two thirds of the time (docs/decisions/0010); one at a time takes no more than its dictionary.
  private static let threadMemory = 24 << 20

  private let source: any ByteSource
  private let compression: Compression
  private let memoryLimit: Int
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 4096)
  private var stream = lzma_stream()
  private var isAtEnd = false

  init(_ source: any ByteSource, _ compression: Compression, memoryLimit: Int) throws(ImportError) {
    self.source = source
    self.compression = compression
    self.memoryLimit = memoryLimit
    let status = compression == .xz ? startThreads() : lzma_alone_decoder(&stream, UInt64(memoryLimit))
    if status != LZMA_OK { throw failure(status) }
  }

  deinit {
    lzma_end(&stream)
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = buffer.count
    while stream.avail_out == buffer.count && !isAtEnd { try decode() }
    return buffer.count - stream.avail_out
  }

  private func decode() throws(ImportError) {
    var isLast = false
    if stream.avail_in == 0 {
      stream.avail_in = try source.read(into: input)
      stream.next_in = UnsafePointer(input.baseAddress?.assumingMemoryBound(to: UInt8.self))
      isLast = stream.avail_in == 0
    }
    let status = lzma_code(&stream, isLast ? LZMA_FINISH : LZMA_RUN)
    if status == LZMA_STREAM_END { isAtEnd = true } else if status != LZMA_OK { throw failure(status) }
  }

  private func startThreads() -> lzma_ret {
    var options = lzma_mt()
    options.flags = 0x08  // LZMA_CONCATENATED, a macro: one xz file may be several, one after the other
    options.threads = max(1, min(4, lzma_cputhreads()))
    options.memlimit_threading = UInt64(min(memoryLimit, LZMASource.threadMemory))
    options.memlimit_stop = UInt64(memoryLimit)
    return lzma_stream_decoder_mt(&stream, &options)
  }

  private func failure(_ status: lzma_ret) -> ImportError {
    switch status {
    case LZMA_MEMLIMIT_ERROR: .tooMuch(.memory, memoryLimit)
    case LZMA_BUF_ERROR: .undecodable(compression, Bytes("it ends too early"))
    case LZMA_DATA_ERROR: .undecodable(compression, Bytes("the data are damaged"))
    case LZMA_OPTIONS_ERROR: .undecodable(compression, Bytes("it uses options unknown here"))
    default: .undecodable(compression, Bytes("the decoder failed"))
    }
  }
}
