internal import PlashRuntime

/// One entry of an archive: what all its headers together say. The data follow in the reader.
struct TarEntry {
  enum Kind: Equatable {
    case file
    case hardLink(Bytes)
    case symbolicLink(Bytes)
    case directory
    case fifo
    case device

    /// Their mode is always the same, whatever an archive says.
    var isSymbolicLink: Bool {
      if case .symbolicLink = self { true } else { false }
    }

    /// Neither links nor FIFOs can have extended attributes of an image.
    var hasAttributes: Bool { self == .file || self == .directory }
  }

  /// As in the archive: not normalised, not checked.
  let name: Bytes
  let kind: Kind
  /// The permission bits, with setuid, setgid and sticky.
  let mode: UInt32
  let user: Int
  let group: Int
  let time: TarTime
  let attributes: [ExtendedAttribute]
  /// Bytes of data in the archive.
  let size: Int
  /// For files with holes.
  let sparse: SparseMap?
}
