internal import PlashRuntime

/// A small file and its detached signature.
struct SignedFile {
  let content: Bytes
  let signature: Bytes

  init(content: Bytes, signature: Bytes) {
    self.content = content
    self.signature = signature
  }

  /// What was saved under `name` in a directory.
  init(saved name: Bytes, in folder: Int32) throws(SystemError) {
    content = try FileSystem.content(of: name, at: folder)
    signature = try FileSystem.content(of: name + SignedFile.ending, at: folder)
  }

  /// Writes both in place of older ones; if this ends in between, they do not fit together, which their reader notices.
  func save(_ name: Bytes, in memory: borrowing Memory) throws(ImportError) {
    try memory.save(content, as: name)
    try memory.save(signature, as: name + SignedFile.ending)
  }

  private static let ending = Bytes(".asc")
}
