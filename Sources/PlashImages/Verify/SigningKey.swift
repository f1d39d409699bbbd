internal import Glibc
public import PlashRuntime

/// A public key whose signatures count, and no other's.
public struct SigningKey: Sendable {
  /// As gpg exports it.
  let content: Bytes
  /// 40 hexadecimal digits; nil: whichever key the content holds.
  let fingerprint: Bytes?

  /// A key of the user's choice: `content` holds that key alone, armored or not.
  public init(content: Bytes) {
    self.content = content
    fingerprint = nil
  }

  init(content: Bytes, fingerprint: Bytes) {
    self.content = content
    self.fingerprint = fingerprint
  }
}
