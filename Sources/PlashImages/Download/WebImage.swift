internal import Glibc
public import PlashRuntime

/// A root file system as a tar archive at some address.
public struct WebImage: Sendable {
  /// Where it is: http, https or file.
  public let address: Bytes
  /// The SHA-256 that it must have; nil: any.
  public var digest: Digest?
  /// Where its detached signature is, and whose counts.
  public var signature: (address: Bytes, key: SigningKey)?
  /// How it is fetched.
  public var download = DownloadSettings()

  /// What is at `address`, unverified.
  public init(_ address: Bytes) { self.address = address }

  /// Fetches it, verifies it, and only then extracts it, from the same open file.
  /// - Parameters:
  ///   - root: as for `Extractor.extract`.
  ///   - scratch: the absolute path of a directory for what is needed meanwhile.
  ///   - downloads: an open directory for a download that may be resumed later.
  ///   - extractor: what extracts.
  /// - Returns: what came in.
  /// - Throws: the first thing that went wrong.
  public func fill(
    _ root: borrowing Descriptor, scratch: Bytes, downloads: borrowing Descriptor, extractor: Extractor
  ) throws(ImportError) -> ExtractionSummary {
    let downloader = Downloader(download)
    guard let signature else {
      return try extractor.extract(fetch(downloader, downloads).file, into: root)
    }
    // First of all: what lacks a signature need not be fetched.
    let verifier = try SignatureVerifier(key: signature.key, scratch: scratch)
    let content = try downloader.content(of: signature.address, limit: SignaturePackets.largest + 1)
    let archive = try fetch(downloader, downloads)
    try verifier.verify(content, of: archive.file, named: address.withoutCredentials)
    let number = archive.file.number
    try call("lseek") { lseek(number, 0, SEEK_SET) }
    return try extractor.extract(archive.file, into: root)
  }

  private func fetch(
    _ downloader: Downloader, _ folder: borrowing Descriptor
  ) throws(ImportError) -> Download {
    let archive = try downloader.download(address, in: folder, digest: digest)
    if archive.size == 0, WebAddress(address)?.isWeb == false { throw .download(address.withoutCredentials, .nothing) }
    return archive
  }
}
