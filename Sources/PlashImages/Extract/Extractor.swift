public import PlashRuntime

/// Brings the root file system of a tar archive into a directory.
///
/// To be used as the root of a user namespace (or of the host). Nothing outside the directory is touched, whatever the
/// archive says (docs/decisions/0010).
public struct Extractor: Sendable {
  /// What the import may use.
  public var limits = ExtractionLimits()
  /// Whom files can be given to.
  public var owners: OwnerIDs
  /// Called now and then with the number of bytes unpacked so far.
  public var progress: (@Sendable (Int) -> Void)?

  /// - Parameter owners: the ids that files can be given to, as a rule `OwnerIDs.mapped()`.
  public init(owners: OwnerIDs) { self.owners = owners }

  /// Extracts `archive`, from where it stands to its end, into the empty directory `root`.
  ///
  /// The archive is a tar of any dialect, packed or not, in a file or a pipe. After an error the directory's content is
  /// to be thrown away.
  /// - Parameters:
  ///   - archive: open for reading.
  ///   - root: an open directory, owned by this user, which nobody else uses.
  /// - Returns: what came in.
  /// - Throws: the first thing that went wrong.
  public func extract(
    _ archive: borrowing Descriptor, into root: borrowing Descriptor
  ) throws(ImportError) -> ExtractionSummary {
    let source = try unpacked(HeadSource(DescriptorSource(archive.number)))
    let input = BlockReader(source, limit: limits.bytes)
    let space = try FreeSpace(of: root.number, keeping: limits.freeSpace)
    try space.check(beforeUnpacking: archive.number)
    var extraction = Extraction(self, input, root: root.number, space, try FileWriter.start(2))
    return try extraction.run()
  }

  private func unpacked(_ source: HeadSource) throws(ImportError) -> any ByteSource {
    while let length = Compression.skippableFrame(try source.peek(8)) { try source.skip(length) }
    let compression = try compression(of: source)
    switch compression {
    case .none: return source
    case .xz, .lzma: return try LZMASource(source, compression, memoryLimit: limits.memory)
    case .gzip: return try unpackedAgain(HeadSource(GzipSource(source)))
    case .bzip2, .zstd, .lz4: return FilterSource(source, compression)
    }
  }

  /// Web servers pack by gzip what is packed by it already. Not more often, and by nothing that takes more memory: of all that
  /// decoders bring forth only the last one's bytes are counted.
  private func unpackedAgain(_ source: HeadSource) throws(ImportError) -> any ByteSource {
    try compression(of: source) == .gzip ? GzipSource(source) : source
  }

  private func compression(of source: HeadSource) throws(ImportError) -> Compression {
    let first = try source.peek(TarHeader.size)
    // Whatever the name of the first file begins with: `BZh`, or `]` as lzma does.
    let isTar = first.count == TarHeader.size && first.withUnsafeBytes { TarHeader(bytes: $0).hasGoodChecksum }
    return isTar ? .none : Compression(firstBytes: first)
  }
}
