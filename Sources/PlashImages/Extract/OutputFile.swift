internal import Glibc
internal import PlashRuntime

/// A file that is being written; only one writer ever uses it.
final class OutputFile: @unchecked Sendable {
  private let descriptor: Descriptor
  private let state: UnsafeMutablePointer<FileState>
  private var attributes: Attributes
  private let size: Int
  private let sparse: SparseMap?
  private var content = SHA256()
  private var segment = 0
  private var segmentPosition = 0
  private var hashed = 0

  init(
    _ descriptor: consuming Descriptor, _ state: UnsafeMutablePointer<FileState>, _ attributes: Attributes,
    size: Int, sparse: SparseMap?
  ) {
    self.descriptor = descriptor
    self.state = state
    self.attributes = attributes
    self.size = size
    self.sparse = sparse
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(ImportError) {
    guard let sparse else {
      content.update(bytes)
      return try writeAll(bytes, at: nil)
    }
    try write(bytes, sparse)
  }

  /// Sets what can only be set at the end. Gives the number of attributes that were refused.
  func finish() throws(ImportError) -> Int {
    if let sparse {
      hashHole(until: sparse.size)
      try call("ftruncate") { ftruncate(descriptor.number, sparse.size) }
    }
    try attributes.apply(to: descriptor.number)
    let refused = attributes.applyExtended(to: descriptor.number)
    state.pointee = .described(describe())
    return refused
  }

  private func describe() -> Digest {
    var hash = SHA256()
    hash.update(field: Bytes("file"))
    attributes.describe(in: &hash)
    hash.update(UInt64(sparse?.size ?? size))
    hash.update(content.finish().bytes)
    return hash.finish()
  }

  private func write(_ bytes: UnsafeRawBufferPointer, _ map: SparseMap) throws(ImportError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let place = map.segments[segment]
      let piece = rest.prefix(place.length - segmentPosition)
      hashHole(until: place.offset + segmentPosition)
      content.update(UnsafeRawBufferPointer(rebasing: piece))
      hashed += piece.count
      try writeAll(UnsafeRawBufferPointer(rebasing: piece), at: place.offset + segmentPosition)
      rest = rest.dropFirst(piece.count)
      segmentPosition += piece.count
      if segmentPosition == place.length {
        segment += 1
        segmentPosition = 0
      }
    }
  }

  /// Holes are digested as the zeros that they read as: a file is the same however it is stored.
  private func hashHole(until end: Int) {
    let zeros = Bytes(repeating: 0, count: min(64 << 10, end - hashed))
    while hashed < end {
      let count = min(zeros.count, end - hashed)
      zeros.withUnsafeBytes { content.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      hashed += count
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int?) throws(ImportError) {
    var done = 0
    while done < bytes.count {
      let start = bytes.baseAddress?.advanced(by: done)
      let rest = bytes.count - done
      done += try call("write") {
        if let offset {
          pwrite(descriptor.number, start, rest, offset + done)
        } else {
          Glibc.write(descriptor.number, start, rest)
        }
      }
    }
  }
}
