internal import PlashLang
internal import PlashRuntime

/// Base images by the names they have elsewhere. Each is imported once and remembered in the map.
struct ImportedImages {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// The image that the reference names, imported if it is not here and that is wanted.
  func image(_ reference: BaseReference, importing: Bool) throws(HostError) -> Image {
    try answering { () throws(DriverError) in
      let bases = LockedBases(session)
      if let lock = try bases.lock(for: reference) {
        return try bases.image(reference, lock) { entry throws(DriverError) in
          try imported(reference, .locked(entry.key), importing, exactName: entry.exactName)
        }
      }
      let image = try currentImage(reference, importing)
      try bases.record(reference, image)
      return image
    }
  }

  private func currentImage(_ reference: BaseReference, _ importing: Bool) throws(DriverError) -> Image {
    if reference.source == .map {
      guard let image = try known(reference.name) else { throw .unknownMapKey(reference.name) }
      return image
    }
    let key = try mapKey(reference)
    if !session.refreshesBases, let image = try known(key) { return image }
    let wanted: WantedImage = session.refreshesBases ? .refreshed(key) : .named(key)
    return try imported(reference, wanted, importing)
  }

  private func imported(
    _ reference: BaseReference, _ wanted: WantedImage, _ importing: Bool, exactName: Bytes? = nil
  ) throws(DriverError) -> Image {
    if !importing { throw .importForbidden }
    switch reference.source {
    case .docker: return try Importer(session).dockerImage(reference.name, wanted)
    case .github: return try buildFromGitHub(reference, wanted)
    case .map: throw .unknownMapKey(reference.name)
    case .lxc, .url, .debian, .busybox, .tar:
      let words = [Bytes(reference.source.rawValue.utf8)] + arguments(reference) + (exactName.map { [$0] } ?? [])
      return try Importer(session).image(words, wanted)
    }
  }

  private func known(_ key: Bytes) throws(DriverError) -> Image? {
    let store = try session.store()
    return try driving { () throws(StoreError) in try store.image(named: key) }
  }

  /// `debian:bookworm`, `url:https:%%host%file`; further words follow, each after a colon. Imported with a single id it
  /// is another image, all of root's: `debian:bookworm:single-id`. Names are listed: passwords stay out of them.
  private func mapKey(_ reference: BaseReference) throws(DriverError) -> Bytes {
    let words =
      ([Bytes(reference.source.rawValue.utf8), try named(reference)] + reference.options
      + (session.ids.isSingle ? [Bytes("single-id")] : [])).filter { !$0.isEmpty }
    let name = Bytes(words.joined(separator: [0x3A]).map { $0 == 0x2F || $0 < 0x20 || $0 == 0x7F ? 0x25 : $0 })
    // Names have 200 bytes at most, addresses may have more.
    if name.count <= 200 { return name }
    var hash = SHA256()
    hash.update(name)
    return Bytes(name.prefix(135)) + [0x3A] + hash.digest().hexadecimal
  }

  /// A path means another file in another folder.
  private func named(_ reference: BaseReference) throws(DriverError) -> Bytes {
    switch reference.source {
    case .tar: try driving { () throws(SystemError) in try FileSystem.absolute(path(of: reference)) }
    case .map, .lxc, .docker, .github, .debian, .busybox, .url: reference.listedName
    }
  }

  private func buildFromGitHub(_ reference: BaseReference, _ wanted: WantedImage) throws(DriverError) -> Image {
    let file = reference.options.first ?? Bytes("plashfile")
    let source = try RemotePlashfiles(session).github(reference.name, file)
    let image = try session.build(try session.plan(source))
    let store = try session.store()
    try driving { () throws(StoreError) in try wanted.remember(image, in: store) }
    return image
  }

  /// Options of an address are `sha256=HEX`; a tar file's path is looked up beside the text that names it.
  private func arguments(_ reference: BaseReference) -> [Bytes] {
    switch reference.source {
    case .url:
      let digest = Bytes("sha256=")
      return [reference.name]
        + reference.options.flatMap { $0.starts(with: digest) ? [Bytes("--sha256"), Bytes($0.dropFirst(7))] : [$0] }
    case .tar: return [path(of: reference)]
    case .map, .lxc, .docker, .github, .debian, .busybox:
      return reference.name.isEmpty ? reference.options : [reference.name] + reference.options
    }
  }

  private func path(of tar: BaseReference) -> Bytes {
    SystemHost(session: session, imports: true).path(tar.name, besides: tar.besides)
  }

  private func answering<Result>(_ body: () throws(DriverError) -> Result) throws(HostError) -> Result {
    do {
      return try body()
    } catch .importForbidden {
      throw .importForbidden
    } catch .unknownMapKey(let key) {
      throw .unknownMapKey(key)
    } catch {
      session.noteFailure(error)
      throw .failed(reason: Report(error).reason)
    }
  }
}
