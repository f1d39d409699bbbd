/// What is known of a layer.
public struct LayerDetails: Sendable {
  /// What it is found by, as hexadecimal digits.
  public let key: Bytes
  /// The script that made it; empty if none did.
  public let script: Bytes
  /// How it was made: `build`, `create`, `import debian bookworm`...
  public let origin: Bytes
  /// What was in it when it was made.
  public let manifest: LayerManifest?
  /// When it was made, in seconds since 1970.
  public let made: Int
  /// When it was last used, in seconds since 1970; exact to a minute.
  public let used: Int
  /// Parts of it are missing: `fsck` tells which.
  public let isDamaged: Bool
}
