import PlashImages
import PlashRuntime

/// Images from elsewhere, as the settings in the environment say. `PLASH_CA_BUNDLE`: a file with the certificates to
/// trust. `PLASH_LXC_MIRROR`: a copy of images.linuxcontainers.org. `PLASH_LXC_KEY`, `PLASH_URL_KEY`: files with the key whose
/// signatures count there and for other addresses.
struct RemoteSources {
  /// The absolute path of a directory for what is needed meanwhile.
  let scratch: Bytes
  /// Where downloads lie that can be resumed.
  let downloads: DownloadFolder
  let extractor: Extractor

  /// The image that `name` means; with an exact name only that very build.
  func fill(
    _ root: borrowing Descriptor, fromLinuxContainers name: Bytes, exactName: Bytes?
  ) throws(ImportError) -> (image: IndexedImage, summary: ExtractionSummary) {
    let progress = ProgressReport(name)
    defer { progress.end() }
    var source = try Self.linuxContainers(progress)
    source.download.freeSpace = extractor.limits.freeSpace
    return try source.fill(
      root, with: name, exactName: exactName, scratch: scratch, downloads: downloads.descriptor, extractor: extractor)
  }

  /// `words`: an address, the address of its signature perhaps, and `--sha256 DIGEST` perhaps.
  func fill(_ root: borrowing Descriptor, fromWeb words: [Bytes]) throws(ImportError) -> ExtractionSummary {
    var image = try Self.webImage(words)
    let progress = ProgressReport(image.address.withoutCredentials)
    defer { progress.end() }
    image.download = Self.settings(progress)
    image.download.freeSpace = extractor.limits.freeSpace
    return try image.fill(root, scratch: scratch, downloads: downloads.descriptor, extractor: extractor)
  }

  /// The names that match the pattern, a part of them, one on each line.
  static func list(_ pattern: Bytes, scratch: Bytes, memory: borrowing Descriptor) throws(ImportError) -> Bytes {
    let (index, isCurrent) = try linuxContainers(nil).index(scratch: scratch, rememberedIn: memory)
    if !isCurrent {
      let day = index.day.map { ", on \($0)" } ?? ""
      ProgressReport.say(
        Bytes("plash: the server cannot be reached; this is what it had last time\(day)".utf8))
    }
    let names = index.images.map(\.name).filter { pattern.isEmpty || $0.contains(pattern) }
    return Bytes(names.joined(separator: [0x0A]))
  }

  private static func linuxContainers(_ progress: ProgressReport?) throws(ImportError) -> LinuxContainers {
    var source = LinuxContainers(mirror: setting(Bytes("PLASH_LXC_MIRROR")))
    if let key = try key(Bytes("PLASH_LXC_KEY")) { source.key = key }
    source.download = settings(progress)
    return source
  }

  private static func webImage(_ words: [Bytes]) throws(ImportError) -> WebImage {
    var words = words
    var image = WebImage(words.removeFirst())
    while let word = words.first {
      words.removeFirst()
      if word == Bytes("--sha256") {
        guard let text = words.first, let digest = Digest(hexadecimal: text) else {
          throw .invalidDigest(words.first ?? [])
        }
        words.removeFirst()
        image.digest = digest
      } else {
        image.signature = (word, try key(Bytes("PLASH_URL_KEY")) ?? .linuxContainers)
      }
    }
    return image
  }

  static func settings(_ progress: ProgressReport?) -> DownloadSettings {
    var settings = DownloadSettings()
    settings.certificates = setting(Bytes("PLASH_CA_BUNDLE"))
    if let progress { settings.progress = { progress.update(received: $0, total: $1) } }
    return settings
  }

  private static func key(_ name: Bytes) throws(ImportError) -> SigningKey? {
    guard let path = setting(name) else { return nil }
    do {
      return SigningKey(content: try FileSystem.content(of: path), file: path)
    } catch {
      throw .system(error)
    }
  }

  private static func setting(_ name: Bytes) -> Bytes? {
    Environment.value(name).flatMap { $0.isEmpty ? nil : $0 }
  }
}
