internal import Glibc

/// How something in a layer is other than when the layer was made.
public struct FileChange: Equatable, Sendable {
  /// What is other.
  public enum Kind: Equatable, Sendable {
    /// It was there and is gone, with all that was in it.
    case missing
    /// It was not there, nor what is in it.
    case added
    /// A file had so many bytes and has none.
    case emptied(from: UInt64)
    /// A file's size in bytes.
    case size(UInt64, from: UInt64)
    /// A file, a directory, a link...: it was another one of these.
    case kind
    /// Its permission bits.
    case mode(UInt32, from: UInt32)
    /// What a file contains, or a link says, since the last look.
    case contents
  }

  /// From the root of the layer.
  public let path: Bytes
  /// What is other with it.
  public let kind: Kind

  /// What is other in the list `new` than in the list `old`, both of paths and what is known of them, each ended by a NUL, a
  /// directory before what is in it. `comparing` tells what became of something that is in both, nil for nothing.
  static func all(
    from old: Bytes, to new: Bytes, comparing: (_ old: Bytes, _ new: Bytes) -> Kind?
  ) -> [FileChange] {
    let (before, now) = (records(old), records(new))
    let known = Dictionary(before, uniquingKeysWith: { first, _ in first })
    let there = Set(now.map(\.path))
    let changed = now.compactMap { path, facts in
      known[path].flatMap { comparing($0, facts) }.map { FileChange(path: path, kind: $0) }
    }
    return topmost(before.map(\.path).filter { !there.contains($0) }, .missing) + changed
      + topmost(now.map(\.path).filter { known[$0] == nil }, .added)
  }

  /// What became of something with the facts of a manifest's list.
  static func kind(from old: Bytes, to new: Bytes) -> Kind? {
    guard old != new, let (mode, size) = facts(old), let (newMode, newSize) = facts(new) else { return nil }
    if mode & S_IFMT != newMode & S_IFMT { return .kind }
    if size != newSize { return newSize == 0 ? .emptied(from: size) : .size(newSize, from: size) }
    return .mode(newMode & 0o7777, from: mode & 0o7777)
  }

  private static func facts(_ text: Bytes) -> (mode: UInt32, size: UInt64)? {
    let words = text.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 2, let mode = UInt32(words[0]), let size = UInt64(words[1]) else { return nil }
    return (mode, size)
  }

  private static func records(_ text: Bytes) -> [(path: Bytes, facts: Bytes)] {
    let fields = text.split(separator: 0, omittingEmptySubsequences: false).map { Bytes($0) }
    return stride(from: 0, to: fields.count - 1, by: 2).map { (fields[$0], fields[$0 + 1]) }
  }

  /// Without what is in a directory that is one of them.
  private static func topmost(_ paths: [Bytes], _ kind: Kind) -> [FileChange] {
    paths.reduce(into: []) { changes, path in
      if let last = changes.last, path.starts(with: last.path + [0x2F]) { return }
      changes.append(FileChange(path: path, kind: kind))
    }
  }
}
