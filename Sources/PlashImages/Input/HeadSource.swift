internal import PlashRuntime

/// The bytes of another source, whose first ones can be looked at before.
final class HeadSource: ByteSource {
  private let source: any ByteSource
  private var head: ArraySlice<UInt8> = []

  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    if head.isEmpty { return try source.read(into: buffer) }
    let count = min(head.count, buffer.count)
    buffer.copyBytes(from: head.prefix(count))
    head = head.dropFirst(count)
    return count
  }

  /// The next bytes, up to `count`, which are read again later.
  func peek(_ count: Int) throws(ImportError) -> Bytes {
    while head.count < count {
      let more = try source.bytes(upTo: count - head.count)
      if more.isEmpty { break }
      head += more
    }
    return Bytes(head.prefix(count))
  }

  /// Passes over the next bytes, up to `count`.
  func skip(_ count: Int) throws(ImportError) {
    var left = count - min(head.count, count)
    head = head.dropFirst(count)
    while left > 0 {
      let received = try source.bytes(upTo: min(left, 1 << 16)).count
      if received == 0 { return }
      left -= received
    }
  }
}

extension ByteSource {
  fileprivate func bytes(upTo count: Int) throws(ImportError) -> Bytes {
    var bytes = Bytes(repeating: 0, count: count)
    let received = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(ImportError) in
      try read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    return Bytes(bytes.prefix(received))
  }
}
