internal import PlashLang
internal import PlashRuntime

/// What macros get to know of this host.
struct SystemHost: Host {
  let session: Session
  /// Whether images that are not here are imported.
  let imports: Bool

  func environment(_ name: Bytes) -> Bytes? { Environment.value(name) }

  func standardInput() throws(HostError) -> Bytes {
    try answering { () throws(SystemError) in try FileSystem.standardInput() }
  }

  func plashfile(at path: Bytes, besides: SourceFile) throws(HostError) -> SourceFile {
    let found = try find(path, besides)
    return SourceFile(path: found, text: try read(found))
  }

  func contentDigest(of paths: [Bytes], besides: SourceFile) throws(HostError) -> Bytes {
    var found: [(name: Bytes, path: Bytes)] = []
    for path in paths { found.append((path, try find(path, besides))) }
    return try answering { () throws(SystemError) in try TreeDigest.hexadecimal(of: found) }
  }

  func image(_ reference: BaseReference) throws(HostError) -> Bytes {
    do {
      return try ImportedImages(session).image(reference, importing: imports).id.digits
    } catch {
      throw error
    }
  }

  func remotePlashfile(_ reference: RemoteReference) throws(HostError) -> SourceFile {
    do throws(DriverError) {
      switch reference {
      case .github(let repository, let file): return try RemotePlashfiles(session).github(repository, file)
      case .url(let address): return try RemotePlashfiles(session).url(address)
      }
    } catch {
      throw .failed(reason: Report(error).reason)
    }
  }

  func macroLibrary(named name: Bytes, besides: SourceFile) throws(HostError) -> SourceFile {
    if name.contains(0x2F) || name.suffix(5).elementsEqual(Bytes(".yaml")) {
      let path = try find(name, besides)
      return SourceFile(path: path, text: try read(path))
    }
    let libraries = MacroLibraries(session.settings)
    guard let library = try answering({ () throws(SystemError) in try libraries.named(name) }) else {
      throw .unknownLibrary(name: name, known: libraries.names)
    }
    return library
  }

  func freshUUID() -> Bytes {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { Bytes(bytes[$0]).hexadecimal }
    return Bytes(parts.joined(separator: [0x2D]))
  }

  /// Where a file that a text names is; the path as it is if it is nowhere.
  func path(_ path: Bytes, besides: SourceFile) -> Bytes { (try? find(path, besides)) ?? path }

  /// A relative path is looked up beside the text that names it, then in the current directory.
  private func find(_ path: Bytes, _ besides: SourceFile) throws(HostError) -> Bytes {
    var candidates = [path]
    if path.first == 0x7E, path.count == 1 || path[1] == 0x2F, let home = session.settings.home {
      candidates = [home + path.dropFirst()]
    } else if path.first != 0x2F, let file = besides.path, let slash = file.lastIndex(of: 0x2F) {
      candidates.insert(Bytes(file[...slash]) + path, at: 0)
    }
    guard let found = candidates.first(where: { FileSystem.exists($0) }) else { throw .notFound(paths: candidates) }
    return found
  }

  private func read(_ path: Bytes) throws(HostError) -> Bytes {
    try answering { () throws(SystemError) in try FileSystem.content(of: path) }
  }

  private func answering<Result>(_ body: () throws(SystemError) -> Result) throws(HostError) -> Result {
    do {
      return try body()
    } catch {
      throw .unreadable(path: error.path, reason: Bytes(error.reason.utf8))
    }
  }
}
