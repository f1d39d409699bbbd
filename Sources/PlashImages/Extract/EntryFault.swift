public import PlashRuntime

/// Why an entry of an archive is refused.
public enum EntryFault: Error, Equatable, Sendable {
  /// Its name has a `..` part.
  case leavesRoot
  /// Its name is empty.
  case noName
  /// Its name has a NUL byte.
  case nulInName
  /// A symbolic link whose target is longer than this many bytes.
  case targetTooLong(Int)
  /// A part of its name is longer than 255 bytes.
  case partTooLong
  /// It lies deeper than this many directories.
  case tooDeep(Int)
  /// A part of its name is something else than a directory.
  case parentIsNoDirectory(Bytes)
  /// It is the root directory, but no directory.
  case rootIsNoDirectory
  /// A hard link whose target is absolute or has a `..` part.
  case linkLeavesRoot(Bytes)
  /// A hard link whose target is not in the archive before it.
  case linkTargetMissing(Bytes)
  /// A hard link to a directory.
  case linkToDirectory(Bytes)
  /// Its owner is outside the ids that this user may give.
  case foreignUser(Int, [ClosedRange<Int>])
  /// Its group is outside the ids that this user may give.
  case foreignGroup(Int, [ClosedRange<Int>])
  /// A type that no tar of today writes.
  case unknownType(UInt8)
}
