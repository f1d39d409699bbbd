public import PlashRuntime

/// A file that was fetched, open at its beginning. It has no name any more: it goes when this value goes.
public final class Download: Sendable {
  /// The content.
  public let file: Descriptor
  /// Its SHA-256.
  public let digest: Digest
  /// Its size in bytes.
  public let size: Int

  init(file: consuming Descriptor, digest: Digest, size: Int) {
    self.file = file
    self.digest = digest
    self.size = size
  }
}
