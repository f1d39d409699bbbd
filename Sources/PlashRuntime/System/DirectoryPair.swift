public import Glibc

/// The same directory of two trees, open. A walk through both keeps one pair, however deep they are: it goes back by
/// `parent`.
public struct DirectoryPair: ~Copyable {
  /// Of the one tree.
  public let first: Descriptor
  /// Of the other one.
  public let second: Descriptor

  /// Two directories.
  public init(_ first: consuming Descriptor, _ second: consuming Descriptor) {
    self.first = first
    self.second = second
  }

  /// The directory `name` in both of these.
  public init(_ name: Bytes, at first: Int32, _ second: Int32) throws(SystemError) {
    self.init(try Self.open(name, at: first), try Self.open(name, at: second))
  }

  /// A directory; a link is none.
  public static func open(_ name: Bytes, at directory: Int32) throws(SystemError) -> Descriptor {
    try Descriptor.open(name, at: directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  }

  /// The directories that these are in: the ones that `first` and `second` tell of, as `Descriptor.parent`.
  public consuming func parent(_ first: stat, _ second: stat) throws(SystemError) -> DirectoryPair {
    DirectoryPair(try self.first.parent(first), try self.second.parent(second))
  }
}
