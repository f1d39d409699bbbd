internal import Glibc
public import PlashRuntime

/// A public key whose signatures count, and no other's.
public struct SigningKey: Sendable {
  /// As gpg exports it.
  let content: Bytes
  /// 40 hexadecimal digits; nil: whichever key the content holds.
  let fingerprint: Bytes?
  /// The file that has it; nothing for what is part of the program.
  let file: Bytes

  /// A key of the user's choice: `content` holds that key alone, armored or not, and came from `file`.
  public init(content: Bytes, file: Bytes = []) {
    self.content = content
    self.file = file
    fingerprint = nil
  }

  init(content: Bytes, fingerprint: Bytes) {
    self.content = content
    self.fingerprint = fingerprint
    file = []
  }
}
