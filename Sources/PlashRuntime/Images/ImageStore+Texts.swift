internal import Glibc

/// Texts that come from elsewhere: kept in `download/`, so that what is built of them needs neither time nor a network.
extension ImageStore {
  /// The text that was kept under this key, nil if none was.
  public func text(_ key: LayerKey) -> Bytes? { try? FileSystem.content(of: Self.path(ofText: key), at: root.number) }

  /// Keeps a text in place of what was kept under the key before.
  public func keep(_ text: Bytes, as key: LayerKey) throws(StoreError) {
    let workspace = try makeWorkspace()
    do throws(SystemError) {
      let name = Bytes("text")
      let file = try Descriptor.open(name, at: workspace.folder.number, O_WRONLY | O_CREAT, mode: 0o600)
      try file.write(text)
      try file.flush()
      try FileSystem.makeDirectoryIfMissing(Bytes("download"), at: root.number, mode: 0o700)
      try FileSystem.rename(name, at: workspace.folder.number, to: Self.path(ofText: key), at: root.number)
    } catch {
      try? workspace.remove()
      throw failure(error)
    }
    try? workspace.remove()
  }

  private static func path(ofText key: LayerKey) -> Bytes { Bytes("download/text-") + key.hex }
}
