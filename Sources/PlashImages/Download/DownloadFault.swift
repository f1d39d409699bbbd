public import PlashRuntime

/// Why a download came to nothing.
public enum DownloadFault: Error, Equatable, Sendable {
  /// Not an address of http, https or file.
  case unsupportedAddress
  /// The server's answer, an HTTP status.
  case status(Int)
  /// The transfer failed; libcurl's words.
  case transfer(Bytes)
  /// The certificate of the server does not count; libcurl's words.
  case certificate(Bytes)
  /// The server redirected too often, or away from https.
  case redirection
  /// More bytes than this were sent.
  case tooLarge(Int)
  /// The server contradicts itself, or sends headers without end.
  case senselessAnswer
  /// The body, of `length` bytes if that is known, would leave less than `reserve` bytes free on the disk of `folder`.
  case noRoom(folder: Bytes, length: Int?, reserve: Int)
  /// There is not a byte: what libcurl has of a directory, too.
  case nothing
  /// The content has another SHA-256 than the one asked for.
  case otherDigest(expected: Digest, actual: Digest)
}

extension DownloadFault {
  /// The server or the way to it is down, for now.
  var isOutage: Bool {
    switch self {
    case .transfer: true
    case .status(let status): status >= 500
    case .unsupportedAddress, .certificate, .redirection, .tooLarge, .senselessAnswer, .noRoom, .nothing, .otherDigest:
      false
    }
  }
}
