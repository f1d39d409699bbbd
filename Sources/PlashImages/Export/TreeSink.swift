internal import Glibc
internal import PlashRuntime

/// What becomes of a merged tree, entry by entry. Paths are from the root and have no slash at either end.
protocol TreeSink {
  /// A directory, before what is in it.
  mutating func enter(_ directory: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError)
  /// Anything else.
  mutating func add(_ name: Bytes, in parent: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError)
  /// The directory again, after what is in it.
  mutating func leave(_ directory: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError)
}
