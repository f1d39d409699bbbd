internal import PlashLang
internal import PlashRuntime

/// Base images by the names they have elsewhere. Each is imported once and remembered in the map.
struct ImportedImages {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// The image that the reference names, imported if it is not here and that is wanted.
  func image(_ reference: BaseReference, importing: Bool) throws(HostError) -> Image {
    if reference.source == .map {
      guard let image = try known(reference.name) else { throw .unknownMapKey(reference.name) }
      return image
    }
    let key = mapKey(reference)
    if let image = try known(key) { return image }
    if !importing { throw .importForbidden }
    return try answering { () throws(DriverError) in
      switch reference.source {
      case .docker: try Importer(session).dockerImage(reference.name, rememberedAs: key)
      case .github: try buildFromGitHub(reference, rememberedAs: key)
      case .map, .lxc, .url, .debian, .busybox, .tar:
        try Importer(session).image(
          [Bytes(reference.source.rawValue.utf8)] + arguments(reference), rememberedAs: key)
      }
    }
  }

  private func known(_ key: Bytes) throws(HostError) -> Image? {
    try answering { () throws(DriverError) in
      let store = try session.store()
      return try driving { () throws(StoreError) in try store.image(named: key) }
    }
  }

  /// `debian:bookworm`, `url:https:%%host%file`; further words follow, each after a colon. Imported with a single id it
  /// is another image, all of root's: `debian:bookworm:single-id`.
  private func mapKey(_ reference: BaseReference) -> Bytes {
    let words =
      ([Bytes(reference.source.rawValue.utf8), reference.name] + reference.options
      + (session.ids.isSingle ? [Bytes("single-id")] : [])).filter { !$0.isEmpty }
    return Bytes(words.joined(separator: [0x3A]).map { $0 == 0x2F ? 0x25 : $0 })
  }

  private func buildFromGitHub(_ reference: BaseReference, rememberedAs key: Bytes) throws(DriverError) -> Image {
    let file = reference.options.first ?? Bytes("plashfile")
    let source = try RemotePlashfiles(session).github(reference.name, file)
    let image = try session.build(try session.plan(source))
    let store = try session.store()
    try driving { () throws(StoreError) in try store.setName(key, to: image) }
    return image
  }

  /// Options of an address are `sha256=HEX`; a tar file's path is looked up beside the text that names it.
  private func arguments(_ reference: BaseReference) -> [Bytes] {
    switch reference.source {
    case .url:
      let digest = Bytes("sha256=")
      return [reference.name]
        + reference.options.flatMap { $0.starts(with: digest) ? [Bytes("--sha256"), Bytes($0.dropFirst(7))] : [$0] }
    case .tar: return [SystemHost(session: session, imports: true).path(reference.name, besides: reference.besides)]
    case .map, .lxc, .docker, .github, .debian, .busybox:
      return reference.name.isEmpty ? reference.options : [reference.name] + reference.options
    }
  }

  private func answering<Result>(_ body: () throws(DriverError) -> Result) throws(HostError) -> Result {
    do {
      return try body()
    } catch {
      session.noteFailure(error)
      throw .failed(reason: Report(error).reason)
    }
  }
}
