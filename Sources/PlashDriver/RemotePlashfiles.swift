internal import PlashLang
internal import PlashRuntime

/// Plashfiles that lie elsewhere. The import helper fetches each once, and again when bases are refreshed.
struct RemotePlashfiles {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// A file of a GitHub repository, as `user/repository` or `user/repository@REVISION`.
  func github(_ repository: Bytes, _ file: Bytes) throws(DriverError) -> SourceFile {
    let name = Bytes("github:") + repository + [0x2F] + file
    return try self.file(name, [Bytes("github"), repository, file])
  }

  /// What is at an address.
  func url(_ address: Bytes) throws(DriverError) -> SourceFile {
    try file(address.withoutCredentials, [Bytes("fetch"), address])
  }

  private func file(_ name: Bytes, _ words: [Bytes]) throws(DriverError) -> SourceFile {
    let store = try session.store()
    let key = LayerKey(base: Bytes(words.joined(separator: [0])), source: Bytes("text from elsewhere"))
    if let text = kept(key, store) { return SourceFile(remote: name, text: text) }
    Process.catchSignals()
    let text = try session.inTurn(for: key) {
      WaitingWords.text(name, fetchedBy: $0)
    } answered: { _ in
      store.text(key)
    } work: { () throws(DriverError) in
      if let text = kept(key, store) { return (text, nil) }
      let text = try Importer(session).remoteText(words)
      try driving { () throws(StoreError) in try store.keep(text, as: key) }
      return (text, Bytes("fetched"))
    }
    return SourceFile(remote: name, text: text)
  }

  private func kept(_ key: LayerKey, _ store: ImageStore) -> Bytes? {
    session.refreshesBases ? nil : store.text(key)
  }
}
