internal import Glibc
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
  func save(_ name: Bytes, in folder: Int32) throws(ImportError) {
    try system { () throws(SystemError) in
      for (name, content) in [(name, content), (name + SignedFile.ending, signature)] {
        let unfinished = name + Bytes(".new")
        let file = try Descriptor.open(unfinished, at: folder, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
        try file.write(content)
        try FileSystem.rename(unfinished, at: folder, to: name, at: folder)
      }
    }
  }

  private static let ending = Bytes(".asc")
}
