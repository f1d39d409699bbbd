/// An image that cannot be deleted as long as this value lives.
public struct ImageHold: ~Copyable, Sendable {
  private let folder: Descriptor

  init(_ folder: consuming Descriptor) { self.folder = folder }
}
