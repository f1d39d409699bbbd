internal import PlashRuntime

/// A small body, kept in memory.
final class MemorySink: TransferSink {
  private(set) var content = Bytes()

  func begin(at offset: Int, length: Int?, entityTag: Bytes?) { content = [] }
  func receive(_ bytes: UnsafeRawBufferPointer) { content.append(contentsOf: bytes) }
}
