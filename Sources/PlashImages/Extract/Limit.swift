/// What an import bounds.
public enum Limit: Sendable {
  /// Bytes of the unpacked archive.
  case bytes
  /// Entries of the archive, and directories that only their names imply.
  case entries
  /// Bytes of one extended header.
  case header
  /// Bytes that a decompressor needs.
  case decoderMemory
  /// Bytes left free on the disk.
  case freeSpace
}
