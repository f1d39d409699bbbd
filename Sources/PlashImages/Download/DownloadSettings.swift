public import PlashRuntime

/// What a download may do. Proxies come from the environment, as libcurl reads it (`https_proxy`, `no_proxy`...).
public struct DownloadSettings: Sendable {
  /// Bytes of one file.
  public var limit = 16 << 30
  /// Seconds below 1000 bytes a second after which a transfer counts as dead.
  public var stallTime = 60
  /// Seconds to wait for a connection.
  public var connectTime = 30
  /// How often a transfer is tried that fails in a way that may pass.
  public var attempts = 3
  /// Bytes that stay free on the disk, as `ExtractionLimits.freeSpace`.
  public var freeSpace: Int?
  /// A file with the certificates to trust, instead of the system's.
  public var certificates: Bytes?
  /// Called now and then with the bytes received so far and, where the server says it, the number in all.
  public var progress: (@Sendable (Int, Int?) -> Void)?

  /// The defaults.
  public init() {}
}
