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
    let importer = Importer(session)
    return try answering { () throws(DriverError) in
      try importer.image([Bytes(reference.source.rawValue.utf8)] + arguments(reference), rememberedAs: key)
    }
  }

  private func known(_ key: Bytes) throws(HostError) -> Image? {
    try answering { () throws(DriverError) in
      let store = try session.store()
      return try driving { () throws(StoreError) in try store.image(named: key) }
    }
  }

  /// `debian:bookworm`, `url:https:%%host%file`; further words follow, each after a colon.
  private func mapKey(_ reference: BaseReference) -> Bytes {
    let words = ([Bytes(reference.source.rawValue.utf8), reference.name] + reference.options).filter { !$0.isEmpty }
    return Bytes(words.joined(separator: [0x3A]).map { $0 == 0x2F ? 0x25 : $0 })
  }

  private func arguments(_ reference: BaseReference) -> [Bytes] {
    reference.name.isEmpty ? reference.options : [reference.name] + reference.options
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
