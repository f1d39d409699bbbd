internal import Glibc
internal import PlashRuntime

/// The bytes of an open file from its current position on.
final class DescriptorSource: ByteSource {
  private let number: Int32

  /// Reads `number`, which the caller keeps open.
  init(_ number: Int32) { self.number = number }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    try call("read") { Glibc.read(number, buffer.baseAddress, buffer.count) }
  }
}
