import PlashRuntime

/// An open directory that several values may hold.
final class DownloadFolder: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}
