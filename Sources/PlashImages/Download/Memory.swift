internal import Glibc
internal import PlashRuntime

/// What is remembered of servers, in files of a directory. As long as this value is there, no other process changes them;
/// who reads a file has it as it was before or after.
struct Memory: ~Copyable {
  private let folder: Descriptor

  /// Waits until no other process changes anything in the directory.
  init(in folder: Int32) throws(ImportError) {
    self.folder = try system { () throws(SystemError) in
      let folder = try Descriptor.open(Bytes("."), at: folder, O_RDONLY | O_DIRECTORY)
      try folder.lock(exclusive: true, waiting: true)
      return folder
    }
  }

  /// Nil: nothing can be read there.
  func content(of name: Bytes) -> Bytes? { try? FileSystem.content(of: name, at: folder.number) }

  /// Puts a file in place of what is there.
  func save(_ content: Bytes, as name: Bytes) throws(ImportError) {
    try system { () throws(SystemError) in
      let unfinished = name + Bytes(".new")
      let file = try Descriptor.open(
        unfinished, at: folder.number, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
      try file.write(content)
      try file.flush()
      try FileSystem.rename(unfinished, at: folder.number, to: name, at: folder.number)
    }
  }
}
