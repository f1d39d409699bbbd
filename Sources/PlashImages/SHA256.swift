internal import CNettle
internal import PlashRuntime

/// A SHA-256 under way.
struct SHA256 {
  private var context = sha256_ctx()

  init() { nettle_sha256_init(&context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    nettle_sha256_update(&context, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
  }

  mutating func update(_ bytes: Bytes) {
    nettle_sha256_update(&context, bytes.count, bytes)
  }

  /// Eight bytes, the lowest first.
  mutating func update(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { update($0) }
  }

  /// The bytes with their length before them, so that no two lists of fields look the same.
  mutating func update(field bytes: Bytes) {
    update(UInt64(bytes.count))
    update(bytes)
  }

  /// The digest; the state begins anew.
  mutating func finish() -> Digest {
    var bytes = Bytes(repeating: 0, count: Digest.size)
    nettle_sha256_digest(&context, bytes.count, &bytes)
    return Digest(bytes)
  }
}
