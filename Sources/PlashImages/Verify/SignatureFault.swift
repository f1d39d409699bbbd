public import PlashRuntime

/// Why a signature does not count.
public enum SignatureFault: Error, Equatable, Sendable {
  /// More bytes than any signature has.
  case tooLarge
  /// Not one detached signature of binary data, armored or not.
  case unreadable
  /// gpg is not there or does not work; gpgme's words.
  case engine(Bytes)
  /// The file of the trusted key does not hold exactly that key.
  case wrongKeyFile
  /// It does not belong to these bytes.
  case bad
  /// Nobody but keys unknown here has signed.
  case unknownKey(Bytes)
  /// The trusted key was revoked.
  case revokedKey
  /// The trusted key has expired, when: in seconds since 1970.
  case expiredKey(Int)
  /// The signature has expired, when: in seconds since 1970.
  case expired(Int)
  /// It is dated in the future.
  case future
  /// It is made with a digest that can be forged.
  case weakDigest
  /// It is made with a key so short that it can be broken.
  case weakKey
  /// The key may not sign.
  case unusableKey
}
