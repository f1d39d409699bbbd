internal import PlashRuntime

/// What is often given in place of a tar archive.
public enum Lookalike: Sendable, CaseIterable {
  case nothing, empty, html, json, zip, cpio, squashFS, debianPackage, rpm, sevenZip, packed

  /// What `bytes`, the first ones of the input, are typical for.
  init(firstBytes bytes: Bytes) {
    let text = bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    if bytes.isEmpty {
      self = .empty
    } else {
      self = Lookalike.allCases.first { $0.beginnings.contains { text.starts(with: $0) } } ?? .nothing
    }
  }

  private var beginnings: [Bytes] {
    switch self {
    case .nothing, .empty: []
    case .html: [Bytes("<!DOCTYPE"), Bytes("<!doctype"), Bytes("<html"), Bytes("<HTML"), Bytes("<?xml")]
    case .json: [Bytes("{\""), Bytes("[{"), Bytes("{\n")]
    case .zip: [Bytes("PK\u{03}\u{04}")]
    case .cpio: [Bytes("070701"), Bytes("070707"), Bytes("070702")]
    case .squashFS: [Bytes("hsqs")]
    case .debianPackage: [Bytes("!<arch>")]
    case .rpm: [[0xED, 0xAB, 0xEE, 0xDB]]
    case .sevenZip: [[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]]
    case .packed: Compression.allCases.map(\.magic).filter { !$0.isEmpty }
    }
  }
}
