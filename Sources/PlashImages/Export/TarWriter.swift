internal import CPlashShims
internal import Glibc
internal import PlashRuntime

/// Writes pax archives: a ustar header where that can say all, with an extended header before it where it cannot.
final class TarWriter {
  private let output: Int32
  private let progress: (@Sendable (Int) -> Void)?
  // Not larger: the reader of a pipe would have to wait while this fills.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 4096)
  private var filled = 0
  private var written = 0

  init(_ output: Int32, progress: (@Sendable (Int) -> Void)?) {
    self.output = output
    self.progress = progress
    // If it is a pipe: its reader need not wait for each of our turns.
    _ = fcntl(output, Int32(PLASH_SET_PIPE_SIZE), 1 << 20)
  }

  deinit { buffer.deallocate() }

  static func padding(_ count: Int) -> Int { (TarHeader.size - count % TarHeader.size) % TarHeader.size }

  /// Writes an entry without data.
  func write(_ entry: ExportEntry) throws(ImportError) {
    let extended = PaxHeader(entry)
    if !extended.isEmpty {
      let name = Bytes("PaxHeaders/") + (entry.path.split(separator: 0x2F).last ?? [0x2E])
      try append(UstarHeader(name: name, kind: UInt8(ascii: "x"), size: extended.content.count).bytes)
      try appendPadded(extended.content)
    }
    try append(UstarHeader(entry).bytes)
  }

  /// Writes an entry with the content of an open file.
  func write(_ entry: ExportEntry, from file: Int32) throws(ImportError) {
    try write(entry)
    guard let sparse = entry.sparse else {
      try copy(0..<entry.size, of: file, entry.path)
      return try pad(entry.size)
    }
    try append(sparse.text)
    for segment in sparse.segments {
      try copy(segment.offset..<segment.offset + segment.length, of: file, entry.path)
    }
    try pad(sparse.stored)
  }

  /// Writes the mark that ends the archive.
  func finish() throws(ImportError) {
    try append(Bytes(repeating: 0, count: 2 * TarHeader.size))
    try flush()
  }

  private func copy(_ range: Range<Int>, of file: Int32, _ path: Bytes) throws(ImportError) {
    var position = range.lowerBound
    while position < range.upperBound {
      if filled == buffer.count { try flush() }
      let room = min(range.upperBound - position, buffer.count - filled)
      let received = try call("read", path) { pread(file, buffer.baseAddress?.advanced(by: filled), room, position) }
      if received == 0 { throw .changed(path) }
      filled += received
      position += received
    }
  }

  private func append(_ bytes: Bytes) throws(ImportError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      if filled == buffer.count { try flush() }
      let piece = rest.prefix(buffer.count - filled)
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: piece)
      filled += piece.count
      rest = rest.dropFirst(piece.count)
    }
  }

  private func appendPadded(_ bytes: Bytes) throws(ImportError) {
    try append(bytes)
    try pad(bytes.count)
  }

  private func pad(_ count: Int) throws(ImportError) {
    try append(Bytes(repeating: 0, count: TarWriter.padding(count)))
  }

  private func flush() throws(ImportError) {
    var start = 0
    while start < filled {
      start += try call("write") {
        Glibc.write(output, buffer.baseAddress?.advanced(by: start), filled - start)
      }
    }
    written += filled
    filled = 0
    progress?(written)
  }
}
