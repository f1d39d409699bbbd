internal import Glibc

/// An image that cannot be deleted as long as this value lives.
public struct ImageHold: ~Copyable, Sendable {
  private let folder: Descriptor

  init(_ folder: consuming Descriptor) { self.folder = folder }

  /// From here on a mount of this process's pid namespace is all that protects the image. Others cannot see that: they
  /// find this mark. Where none can be made, there is no room or no right to make one, and deleting is the same gamble.
  borrowing func handOverToMount() {
    guard let mark = PIDNamespace.current?.mark, !FileSystem.exists(mark, at: folder.number) else { return }
    _ = try? Descriptor.open(mark, at: folder.number, O_WRONLY | O_CREAT, mode: 0o600)
  }
}

/// An image and what keeps it.
public struct HeldImage: ~Copyable, Sendable {
  /// The image.
  public let image: Image
  let hold: ImageHold
}
