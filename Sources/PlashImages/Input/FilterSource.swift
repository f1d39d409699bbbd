internal import CArchive
internal import PlashRuntime

/// Unpacks bzip2, zstd and lz4 by libarchive, which sees no archive in the bytes, only one raw file. Left to itself it would
/// also unpack what comes out, up to 25 times, each with a window of its own.
final class FilterSource: ByteSource {
  private let archive: OpaquePointer
  private let feed: Feed
  private let compression: Compression
  private var isOpen = false
  private var isEmpty = false

  init(_ source: any ByteSource, _ compression: Compression) {
    guard let archive = archive_read_new() else { preconditionFailure("libarchive has no memory") }
    self.archive = archive
    self.compression = compression
    feed = Feed(source)
    archive_read_support_format_raw(archive)
    archive_read_support_format_empty(archive)
    archive_read_append_filter(archive, filter)
  }

  deinit { archive_read_free(archive) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    if !isOpen { try open() }
    if isEmpty { return 0 }
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    if count < 0 { throw failure() }
    return count
  }

  private func open() throws(ImportError) {
    let client = Unmanaged.passUnretained(feed).toOpaque()
    var entry: OpaquePointer?
    // What cannot be unpacked from its beginning on counts as empty, but for the error.
    isOpen =
      archive_read_open(archive, client, nil, { Feed.next($1, $2) }, nil) == ARCHIVE_OK && archive_errno(archive) == 0
    let status = isOpen ? archive_read_next_header(archive, &entry) : ARCHIVE_FATAL
    isEmpty = status == ARCHIVE_EOF
    guard isEmpty || [ARCHIVE_OK, ARCHIVE_WARN].contains(status) else { throw failure() }
  }

  private var filter: Int32 {
    switch compression {
    case .bzip2: ARCHIVE_FILTER_BZIP2
    case .zstd: ARCHIVE_FILTER_ZSTD
    case .lz4: ARCHIVE_FILTER_LZ4
    case .none, .gzip, .xz, .lzma: preconditionFailure("not unpacked by libarchive")
    }
  }

  private func failure() -> ImportError {
    if let failure = feed.failure { return failure }
    let words = archive_error_string(archive).map { Bytes(cString: $0) } ?? []
    // What a window of zstd may take: ZSTD_WINDOWLOG_LIMIT_DEFAULT.
    if words.range(of: Bytes("too much memory")) != nil { return .tooMuch(.memory, 128 << 20) }
    return .undecodable(compression, words.isEmpty ? Bytes("the data are damaged or end too early") : words)
  }
}

/// What libarchive calls for more bytes.
private final class Feed {
  private let source: any ByteSource
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 4096)
  var failure: ImportError?

  init(_ source: any ByteSource) { self.source = source }

  deinit { buffer.deallocate() }

  static func next(_ client: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<UnsafeRawPointer?>?)
    -> Int
  {
    guard let client else { return -1 }
    let feed = Unmanaged<Feed>.fromOpaque(client).takeUnretainedValue()
    bytes?.pointee = UnsafeRawPointer(feed.buffer.baseAddress)
    do throws(ImportError) {
      return try feed.source.read(into: feed.buffer)
    } catch {
      feed.failure = error
      return -1
    }
  }
}
