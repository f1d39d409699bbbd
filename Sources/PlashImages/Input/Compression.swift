internal import PlashRuntime

/// How an archive is packed, told by its first bytes, never by its name.
public enum Compression: String, Sendable, CaseIterable {
  case none, gzip, bzip2, xz, lzma, zstd, lz4

  init(firstBytes bytes: Bytes) {
    self = Compression.allCases.first { !$0.magic.isEmpty && bytes.starts(with: $0.magic) } ?? .none
  }

  /// The length of the skippable frame that begins with these bytes, nil if none does: pzstd and others put some before
  /// what zstd and lz4 pack (RFC 8878, 3.1.2).
  static func skippableFrame(_ bytes: Bytes) -> Int? {
    guard bytes.count >= 8, bytes[0] & 0xF0 == 0x50, bytes[1...3].elementsEqual([0x2A, 0x4D, 0x18]) else { return nil }
    return 8 + bytes[4...7].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// What files packed so begin with.
  var magic: Bytes {
    switch self {
    case .none: []
    case .gzip: [0x1F, 0x8B]
    case .bzip2: [0x42, 0x5A, 0x68]
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .lzma: [0x5D, 0x00, 0x00]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .lz4: [0x04, 0x22, 0x4D, 0x18]
    }
  }
}
