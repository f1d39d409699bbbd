internal import Glibc
internal import PlashRuntime

/// The bytes of an open file from its current position on, after some that were read already.
final class DescriptorSource: ByteSource {
  private let number: Int32
  private var head: ArraySlice<UInt8> = []

  /// Reads `number`, which the caller keeps open.
  init(_ number: Int32) { self.number = number }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    if head.isEmpty { return try readFile(into: buffer) }
    let count = min(head.count, buffer.count)
    buffer.copyBytes(from: head.prefix(count))
    head = head.dropFirst(count)
    return count
  }

  /// The next bytes, up to `count`, which are read again later.
  func peek(_ count: Int) throws(ImportError) -> Bytes {
    var bytes = Bytes(head) + Bytes(repeating: 0, count: max(count - head.count, 0))
    var filled = head.count
    while filled < count {
      let received = try readFile(into: &bytes, from: filled)
      if received == 0 { break }
      filled += received
    }
    head = bytes[..<filled]
    return Bytes(head)
  }

  /// Passes over the next bytes, up to `count`.
  func skip(_ count: Int) throws(ImportError) {
    var left = count - min(head.count, count)
    head = head.dropFirst(count)
    var bytes = Bytes(repeating: 0, count: 1 << 16)
    while left > 0 {
      let (number, size) = (number, min(bytes.count, left))
      let received = try call("read") { bytes.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, size) } }
      if received == 0 { return }
      left -= received
    }
  }

  private func readFile(into bytes: inout Bytes, from start: Int) throws(ImportError) -> Int {
    let number = number
    return try call("read") {
      bytes.withUnsafeMutableBytes {
        Glibc.read(number, $0.baseAddress?.advanced(by: start), $0.count - start)
      }
    }
  }

  private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    try call("read") { Glibc.read(number, buffer.baseAddress, buffer.count) }
  }
}
