internal import PlashRuntime

/// How an archive is packed, told by its first bytes, never by its name.
public enum Compression: String, Sendable, CaseIterable {
  case none, gzip, bzip2, xz, lzma, zstd, lz4

  init(firstBytes bytes: Bytes) {
    self = Compression.allCases.first { !$0.magic.isEmpty && bytes.starts(with: $0.magic) } ?? .none
  }

  private var magic: Bytes {
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
