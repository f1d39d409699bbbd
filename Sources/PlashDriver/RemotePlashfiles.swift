internal import PlashLang
internal import PlashRuntime

/// Plashfiles that lie elsewhere, fetched by the import helper.
struct RemotePlashfiles {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// A file of a GitHub repository, as `user/repository` or `user/repository@REVISION`.
  func github(_ repository: Bytes, _ file: Bytes) throws(DriverError) -> SourceFile {
    let text = try Importer(session).remoteText([Bytes("github"), repository, file])
    return SourceFile(remote: Bytes("github:") + repository + [0x2F] + file, text: text)
  }

  /// What is at an address.
  func url(_ address: Bytes) throws(DriverError) -> SourceFile {
    SourceFile(remote: address.withoutCredentials, text: try Importer(session).remoteText([Bytes("fetch"), address]))
  }
}
