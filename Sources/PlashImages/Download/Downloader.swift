internal import CCurl
internal import Glibc
public import PlashRuntime

/// Fetches files over http, https and from this machine.
public struct Downloader: Sendable {
  private let settings: DownloadSettings

  /// A downloader with these settings.
  public init(_ settings: DownloadSettings = DownloadSettings()) {
    self.settings = settings
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
  }

  /// The content of a small file.
  /// - Parameters:
  ///   - address: an URL of http, https or file.
  ///   - limit: the number of bytes that it may have.
  /// - Returns: the content.
  /// - Throws: `ImportError.download`.
  public func content(of address: Bytes, limit: Int) throws(ImportError) -> Bytes {
    let parsed = try parse(address)
    var settings = settings
    settings.limit = limit
    settings.progress = nil
    let sink = MemorySink()
    try perform { () throws(ImportError) in
      Transfer(parsed, settings, to: sink, resuming: nil)
    }
    return sink.content
  }

  /// A file of any size. Processes that want the same one take turns; what a killed one has got is resumed if the server
  /// can tell that it is still a part of the same content.
  /// - Parameters:
  ///   - address: an URL of http, https or file.
  ///   - folder: an open directory for what is not finished.
  ///   - digest: the SHA-256 that it must have; nil: any.
  /// - Returns: the file, open, without a name.
  /// - Throws: `ImportError.download`.
  public func download(
    _ address: Bytes, in folder: borrowing Descriptor, digest: Digest? = nil
  ) throws(ImportError) -> Download {
    let parsed = try parse(address)
    let file = try PartialFile(parsed, in: folder.number, keeping: settings.freeSpace)
    let settings = settings
    do throws(ImportError) {
      try perform { () throws(ImportError) in
        Transfer(parsed, settings, to: file, resuming: try file.resumable())
      }
    } catch .download(_, .status(416)) {
      file.startOver()
      try perform { () throws(ImportError) in Transfer(parsed, settings, to: file, resuming: nil) }
    }
    let result = try file.finish()
    if let digest, digest != result.digest {
      throw .download(parsed.withoutCredentials, .otherDigest(expected: digest, actual: result.digest))
    }
    return result
  }

  private func parse(_ address: Bytes) throws(ImportError) -> WebAddress {
    guard let parsed = WebAddress(address) else { throw .download(address.withoutCredentials, .unsupportedAddress) }
    return parsed
  }

  /// Tries again what may pass, after a while.
  private func perform(_ make: () throws(ImportError) -> Transfer) throws(ImportError) {
    var attempt = 1
    while true {
      let transfer = try make()
      do throws(ImportError) {
        return try transfer.perform()
      } catch {
        guard attempt < settings.attempts, error.mayPass else { throw error }
        sleep(UInt32(min(max(transfer.headers.retryAfter ?? attempt, 0), 60)))
        attempt += 1
      }
    }
  }
}

extension ImportError {
  /// The server is overloaded or the connection broke: another try may go well.
  fileprivate var mayPass: Bool {
    switch self {
    case .download(_, .status(let status)): status == 429 || (500..<600).contains(status)
    case .download(_, .transfer): true
    default: false
    }
  }
}
