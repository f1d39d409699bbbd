/// What an import bounds.
public enum Limit: Sendable {
  /// Bytes of the unpacked archive.
  case bytes
  /// Entries of the archive, and directories that only their names imply.
  case entries
  /// Bytes of one extended header.
  case header
  /// Bytes of memory that a decompressor needs, or the attributes of directories, which are kept to the end.
  case memory
  /// Bytes left free on the disk.
  case freeSpace
}
