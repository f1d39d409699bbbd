internal import PlashLang
internal import PlashRuntime

/// Plashfiles that lie elsewhere. The import helper fetches each once, and again when bases are refreshed.
struct RemotePlashfiles {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// A file of a GitHub repository, as `user/repository` or `user/repository@REVISION`.
  func github(_ repository: Bytes, _ file: Bytes) throws(DriverError) -> SourceFile {
    let server = Environment.value(Bytes("PLASH_GITHUB_MIRROR")) ?? []
    let text = try text([Bytes("github"), repository, file], from: server)
    return SourceFile(remote: Bytes("github:") + repository + [0x2F] + file, text: text)
  }

  /// What is at an address.
  func url(_ address: Bytes) throws(DriverError) -> SourceFile {
    SourceFile(remote: address.withoutCredentials, text: try text([Bytes("fetch"), address], from: []))
  }

  private func text(_ words: [Bytes], from server: Bytes) throws(DriverError) -> Bytes {
    let store = try session.store()
    let key = LayerKey(base: Bytes((words + [server]).joined(separator: [0])), source: Bytes("text from elsewhere"))
    if !session.refreshesBases, let text = store.text(key) { return text }
    let text = try Importer(session).remoteText(words)
    try driving { () throws(StoreError) in try store.keep(text, as: key) }
    return text
  }
}
