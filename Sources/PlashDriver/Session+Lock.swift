internal import PlashLang
public import PlashRuntime

extension Session {
  /// Writes the exact bases of the Plashfile `file` to the lock beside it; those that are not here are imported. Those that
  /// the lock has already stay what they are, unless bases are refreshed.
  public func lock(_ file: Bytes) throws(DriverError) {
    lockInTheMaking = BaseLock(at: BaseLock.path(for: file))
    if !refreshesBases { formerLock = try BaseLock.find(for: file) }
    let text = try driving { () throws(SystemError) in try FileSystem.content(of: file) }
    _ = try plan(SourceFile(path: file, text: text))
    try lockInTheMaking?.save()
  }

  /// Takes a leading `--refresh` off the words: the sources of bases are asked again.
  public func takeRefresh(_ words: [Bytes]) -> [Bytes] {
    guard words.first == Bytes("--refresh") else { return words }
    refreshesBases = true
    return Array(words.dropFirst())
  }
}
