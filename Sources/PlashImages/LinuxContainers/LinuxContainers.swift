internal import Glibc
public import PlashRuntime

/// images.linuxcontainers.org, or a mirror of it: signed root file systems of many distributions.
///
/// The index is signed, the digests of every image's files are signed, and both only count by one key. Nothing that is not
/// verified is read.
public struct LinuxContainers: Sendable {
  /// Where the images lie; no slash at the end.
  private let server: Bytes
  /// Whose signatures count.
  public var key = SigningKey.linuxContainers
  /// How files are fetched.
  public var download = DownloadSettings()
  /// Days after which an index that names nothing newer counts as held back by the server; nil: never.
  public var oldest: Int?
  /// As Debian calls it.
  public var architecture = Architecture.ofThisMachine

  private static let home = Bytes("https://images.linuxcontainers.org")
  private static let largestIndex = 16 << 20

  /// For this machine's architecture. `mirror`: an address in place of the server's own; how old such a copy may be, its
  /// user knows.
  public init(mirror: Bytes? = nil) {
    server = mirror.map { Bytes($0.reversed().drop { $0 == 0x2F }.reversed()) } ?? LinuxContainers.home
    oldest = mirror == nil ? 30 : nil
  }

  /// What the server has now.
  /// - Parameter scratch: the absolute path of a directory for what is needed meanwhile.
  /// - Returns: the index, verified.
  /// - Throws: the first thing that went wrong.
  public func index(scratch: Bytes) throws(ImportError) -> ImageIndex {
    try index(SignatureVerifier(key: key, scratch: scratch))
  }

  /// What the server has now or, when it cannot be reached, what it had when it was asked last.
  /// - Parameters:
  ///   - scratch: the absolute path of a directory for what is needed meanwhile.
  ///   - memory: an open directory where the last index is kept, with its signature.
  /// - Returns: the index, verified, and whether it is what the server has now.
  /// - Throws: the first thing that went wrong.
  public func index(
    scratch: Bytes, rememberedIn memory: borrowing Descriptor
  ) throws(ImportError) -> (index: ImageIndex, isCurrent: Bool) {
    let verifier = try SignatureVerifier(key: key, scratch: scratch)
    do throws(ImportError) {
      let signed = try signedIndex(verifier)
      let current = try index(signed)
      let memory = try Memory(in: memory.number)
      try signed.save(Bytes("lxc-index"), in: memory)
      var builds = NewestBuilds(of: server, in: memory)
      builds.add(current.images)
      try builds.save(in: memory)
      return (current, true)
    } catch .download(let address, let fault) where fault.isOutage {
      guard let last = try? SignedFile(saved: Bytes("lxc-index"), in: memory.number) else {
        throw .download(address, fault)
      }
      let path = Descriptor.path(of: memory.number) + Bytes("/lxc-index")
      try verifier.verify(last.signature, of: last.content, named: path)
      return (ImageIndex(last.content, architecture: architecture), false)
    }
  }

  /// Brings the image that `name` means into the empty directory `root`.
  /// - Parameters:
  ///   - name: as `alpine` or `debian:13`, see `ImageIndex.image(_:)`.
  ///   - exactName: an `IndexedImage.exactName`, for that very build in place of what `name` means now.
  ///   - root: as for `Extractor.extract`.
  ///   - scratch: the absolute path of a directory for what is needed meanwhile.
  ///   - downloads: an open directory for a download that may be resumed later, and for what is remembered.
  ///   - extractor: what extracts.
  /// - Returns: which image it is, and what came in.
  /// - Throws: the first thing that went wrong.
  public func fill(
    _ root: borrowing Descriptor, with name: Bytes, exactName: Bytes? = nil, scratch: Bytes,
    downloads: borrowing Descriptor, extractor: Extractor
  ) throws(ImportError) -> (image: IndexedImage, summary: ExtractionSummary) {
    if exactName == nil { _ = try ImageIndex.parts(of: name) }
    let verifier = try SignatureVerifier(key: key, scratch: scratch)
    let (image, archive) = try fetch(name, exactName, verifier, in: downloads)
    return (image, try extractor.extract(archive.file, into: root))
  }

  /// An index and the files it names can disagree for minutes while the server changes: then the index is read again.
  private func fetch(
    _ name: Bytes, _ exactName: Bytes?, _ verifier: SignatureVerifier, in folder: borrowing Descriptor
  ) throws(ImportError) -> (IndexedImage, Download) {
    if let exactName {
      guard let image = IndexedImage(exactName: exactName) else { throw .invalidName(exactName) }
      return (image, try fetch(image, verifier, in: folder))
    }
    let image = try current(name, verifier, in: folder)
    do throws(ImportError) {
      return (image, try fetch(image, verifier, in: folder))
    } catch .download(_, .status(404)) {
      let image = try current(name, verifier, in: folder)
      return (image, try fetch(image, verifier, in: folder))
    }
  }

  /// What the name means now. Throws if a newer build of it was seen before.
  private func current(
    _ name: Bytes, _ verifier: SignatureVerifier, in folder: borrowing Descriptor
  ) throws(ImportError) -> IndexedImage {
    let index = try index(verifier)
    let image = try index.image(name)
    let memory = try Memory(in: folder.number)
    var builds = NewestBuilds(of: server, in: memory)
    if let newest = builds.serial(of: image), image.serial.lexicographicallyPrecedes(newest) {
      throw .olderImage(
        image.name, image.serial, newest: newest, server: server.withoutCredentials,
        memory: Descriptor.path(of: folder.number) + [0x2F] + NewestBuilds.name)
    }
    builds.add(index.images)
    try builds.save(in: memory)
    return image
  }

  private func fetch(
    _ image: IndexedImage, _ verifier: SignatureVerifier, in folder: borrowing Descriptor
  ) throws(ImportError) -> Download {
    let file = Bytes("rootfs.tar.xz")
    let sums = try verified(image.path + Bytes("SHA256SUMS"), verifier, limit: 1 << 20).content
    guard let digest = LinuxContainers.digest(of: file, in: sums) else { throw .noDigest(file) }
    return try Downloader(download).download(server + image.path + file, in: folder, digest: digest)
  }

  private func index(_ verifier: SignatureVerifier) throws(ImportError) -> ImageIndex {
    try index(signedIndex(verifier))
  }

  private func signedIndex(_ verifier: SignatureVerifier) throws(ImportError) -> SignedFile {
    try verified(Bytes("/meta/1.0/index-user"), verifier, limit: LinuxContainers.largestIndex)
  }

  private func index(_ signed: SignedFile) throws(ImportError) -> ImageIndex {
    let index = ImageIndex(signed.content, architecture: architecture)
    if let oldest, let newest = index.newest {
      let limit = Day(of: time(nil) - oldest * 86400).digits
      if newest.lexicographicallyPrecedes(limit) { throw .staleIndex(newest: Day(serial: newest).digits) }
    }
    return index
  }

  /// A small file that is signed.
  private func verified(_ path: Bytes, _ verifier: SignatureVerifier, limit: Int) throws(ImportError) -> SignedFile {
    let downloader = Downloader(download)
    let content = try downloader.content(of: server + path, limit: limit)
    let signature = try downloader.content(of: server + path + Bytes(".asc"), limit: SignaturePackets.largest + 1)
    try verifier.verify(signature, of: content, named: (server + path).withoutCredentials)
    return SignedFile(content: content, signature: signature)
  }

  /// Lines of a digest, two blanks (or a blank and a star) and a name.
  static func digest(of file: Bytes, in sums: Bytes) -> Digest? {
    for line in sums.split(separator: 0x0A) where line.count == 66 + file.count && line.dropFirst(66) == file[...] {
      return Digest(hexadecimal: Bytes(line.prefix(64)))
    }
    return nil
  }
}
