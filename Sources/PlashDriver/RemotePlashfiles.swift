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
    var text = session.refreshesBases ? nil : store.text(key)
    if text == nil { text = try fetch(name, words, key, store) }
    return SourceFile(remote: name, text: text ?? [])
  }

  /// Fetches a text and keeps it; of the processes that want the same at the same time, one fetches it.
  private func fetch(
    _ name: Bytes, _ words: [Bytes], _ key: LayerKey, _ store: ImageStore
  ) throws(DriverError) -> Bytes {
    Process.catchSignals()
    var known: Bytes?
    let turn = try driving { () throws(StoreError) in
      try store.makeTurn(for: key) {
        Process.complain(WaitingWords.text(name, fetchedBy: $0))
      } answered: { _ in
        known = store.text(key)
        return known != nil
      }
    }
    guard let turn else { return known ?? [] }
    do throws(DriverError) {
      let text = try newText(words, key, store)
      try? turn.remove(answering: Bytes("fetched"))
      return text
    } catch {
      try? turn.remove()
      throw error
    }
  }

  private func newText(_ words: [Bytes], _ key: LayerKey, _ store: ImageStore) throws(DriverError) -> Bytes {
    if !session.refreshesBases, let text = store.text(key) { return text }
    let text = try Importer(session).remoteText(words)
    try driving { () throws(StoreError) in try store.keep(text, as: key) }
    return text
  }
}
