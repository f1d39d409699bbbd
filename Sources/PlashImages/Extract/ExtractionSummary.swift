/// What an import brought in, and what it left out.
public struct ExtractionSummary: Sendable, Equatable {
  /// Entries of the archive, skipped ones too.
  public internal(set) var entries = 0
  /// Bytes of the unpacked archive.
  public internal(set) var bytes = 0
  /// Device nodes left out.
  public internal(set) var skippedDevices = 0
  /// Extended attributes left out: not allowed in an image, or refused by the file system.
  public internal(set) var droppedAttributes = 0
  /// Names that began with a slash, which was taken off.
  public internal(set) var strippedNames = 0
  /// Files given to root instead of their owner, because no other id is mapped here.
  public internal(set) var squashedOwners = 0
  /// The digest of what lies in the root directory now: names, kinds, permissions, owners, times, attributes, content.
  /// The same for the same tree, however it was packed and ordered.
  public internal(set) var digest: Digest
}
