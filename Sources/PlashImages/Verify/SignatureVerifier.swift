internal import CGpgme
internal import Glibc
public import PlashRuntime

/// Verifies detached signatures by one key, through gpgme, with a GnuPG home of its own that knows nothing else.
///
/// What counts is the rule, not gpg's exit status or colours of trust, which also pass what is revoked, expired or
/// absent: a good signature by the key must be there, with a strong digest, not of the future, and none may be bad.
/// Signatures by keys unknown here are ignored.
public final class SignatureVerifier {
  private let context: gpgme_ctx_t
  private let home: Bytes
  private let fingerprint: Bytes

  /// Sets up a home below the directory at the absolute path `scratch`.
  public init(key: SigningKey, scratch: Bytes) throws(ImportError) {
    gpgme_check_version(nil)
    try SignatureVerifier.check(gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP))
    let home = try SignatureVerifier.makeHome(in: scratch)
    self.home = home
    do throws(ImportError) {
      context = try SignatureVerifier.makeContext(home: home)
    } catch {
      SignatureVerifier.remove(home)
      throw error
    }
    let found = SignatureVerifier.importKey(key.content, context)
    fingerprint = found ?? []
    guard let found, key.fingerprint == nil || found == key.fingerprint else {
      throw .signature(.wrongKeyFile, of: key.file)
    }
  }

  deinit {
    gpgme_release(context)
    SignatureVerifier.remove(home)
  }

  /// Whether `signature`, the content of a signature file, makes `content` the key owner's. Throws why not, and that it is
  /// about what has this name.
  public func verify(_ signature: Bytes, of content: Bytes, named name: Bytes = []) throws(ImportError) {
    try content.withUnsafeBufferPointer { (buffer) throws(ImportError) in
      let start = UnsafeRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
      var data: gpgme_data_t?
      try SignatureVerifier.check(gpgme_data_new_from_mem(&data, start, buffer.count, 0))
      try verify(signature, data, name)
    }
  }

  /// The same for the content of an open file, from its beginning.
  public func verify(_ signature: Bytes, of file: borrowing Descriptor, named name: Bytes = []) throws(ImportError) {
    let number = file.number
    try call("lseek") { lseek(number, 0, SEEK_SET) }
    var data: gpgme_data_t?
    try SignatureVerifier.check(gpgme_data_new_from_fd(&data, number))
    try verify(signature, data, name)
  }

  /// Takes over `data`.
  private func verify(_ signature: Bytes, _ data: gpgme_data_t?, _ name: Bytes) throws(ImportError) {
    defer { gpgme_data_release(data) }
    let packets: Bytes
    do throws(SignatureFault) {
      packets = try SignaturePackets(signature).content
    } catch {
      throw .signature(error, of: name)
    }
    let start = packets.map { CChar(bitPattern: $0) }
    var signatureData: gpgme_data_t?
    try SignatureVerifier.check(gpgme_data_new_from_mem(&signatureData, start, start.count, 1))
    defer { gpgme_data_release(signatureData) }
    let code = gpgme_op_verify(context, signatureData, data, nil)
    if gpgme_err_code(code) == GPG_ERR_NO_DATA || gpgme_err_code(code) == GPG_ERR_BAD_DATA {
      throw .signature(.unreadable, of: name)
    }
    try SignatureVerifier.check(code)
    guard let result = gpgme_op_verify_result(context) else { throw .signature(.engine([])) }
    if let fault = judge(result.pointee.signatures) { throw .signature(fault, of: name) }
  }
}

// MARK: - The rule

extension SignatureVerifier {
  /// Nil: the signatures make the content trusted.
  private func judge(_ first: gpgme_signature_t?) -> SignatureFault? {
    var isGood = false
    var unknown = Bytes()
    var next = first
    while let signature = next?.pointee {
      switch gpgme_err_code(signature.status) {
      case GPG_ERR_NO_ERROR:
        if let fault = fault(of: signature) { return fault }
        isGood = true
      case GPG_ERR_NO_PUBKEY: unknown = signature.fpr.map { Bytes(cString: $0) } ?? []
      case GPG_ERR_CERT_REVOKED: return .revokedKey
      case GPG_ERR_KEY_EXPIRED: return keyFault(of: signature) ?? .unusableKey
      case GPG_ERR_SIG_EXPIRED: return .expired(Int(signature.exp_timestamp))
      case GPG_ERR_DIGEST_ALGO: return .weakDigest
      case GPG_ERR_BAD_SIGNATURE: return .bad
      // Its bytes were not even looked at: of another usage, without a signature of the primary key's, of an algorithm that
      // gpg does not know.
      default: return .unusableKey
      }
      next = signature.next
    }
    return isGood ? nil : .unknownKey(unknown)
  }

  /// What is wrong with a signature that fits.
  private func fault(of signature: _gpgme_signature) -> SignatureFault? {
    if signature.wrong_key_usage != 0 { return .unusableKey }
    let digests = [GPGME_MD_SHA256, GPGME_MD_SHA384, GPGME_MD_SHA512]
    guard digests.contains(signature.hash_algo), gpgme_err_code(signature.validity_reason) == GPG_ERR_NO_ERROR
    else { return .weakDigest }
    // Clocks differ, but not by more than a day.
    if signature.timestamp > UInt(time(nil)) + 86400 { return .future }
    return keyFault(of: signature)
  }

  private func keyFault(of signature: _gpgme_signature) -> SignatureFault? {
    var key: gpgme_key_t?
    guard gpgme_get_key(context, signature.fpr, &key, 0) == 0, let key else { return .unusableKey }
    defer { gpgme_key_unref(key) }
    return fault(of: key.pointee, signature.fpr)
  }

  private func fault(of key: _gpgme_key, _ signer: UnsafePointer<CChar>?) -> SignatureFault? {
    guard let primary = key.subkeys?.pointee, let name = primary.fpr, Bytes(cString: name) == fingerprint
    else { return .unusableKey }
    let signer = signer.map { Bytes(cString: $0) }
    var next = key.subkeys
    while let subkey = next?.pointee {
      let name = subkey.fpr.map { Bytes(cString: $0) }
      if name == signer || name == fingerprint {
        if subkey.revoked != 0 { return .revokedKey }
        if subkey.expired != 0 { return .expiredKey(subkey.expires) }
        if subkey.disabled != 0 || subkey.invalid != 0 { return .unusableKey }
        if isWeak(subkey) { return .weakKey }
      }
      next = subkey.next
    }
    return nil
  }

  /// Numbers of 1024 bits can be factored; keys on curves are short and strong.
  private func isWeak(_ key: _gpgme_subkey) -> Bool {
    let algorithms = [GPGME_PK_RSA, GPGME_PK_RSA_S, GPGME_PK_RSA_E, GPGME_PK_DSA]
    return algorithms.contains(key.pubkey_algo) && key.length < 2048
  }
}

// MARK: - The home

extension SignatureVerifier {
  private static func check(_ code: gpgme_error_t) throws(ImportError) {
    if gpgme_err_code(code) == GPG_ERR_NO_ERROR { return }
    throw .signature(.engine(gpgme_strerror(code).map { Bytes(cString: $0) } ?? []))
  }

  /// An empty directory for this user alone; no setting of the user reaches it, and no daemon is started for it.
  private static func makeHome(in scratch: Bytes) throws(ImportError) -> Bytes {
    var template = (scratch + Bytes("/gnupg-XXXXXX")).map { CChar(bitPattern: $0) } + [0]
    guard mkdtemp(&template) != nil else { throw .system(.current("mkdtemp", scratch)) }
    let home = template.dropLast().map { UInt8(bitPattern: $0) }
    try system { () throws(SystemError) in
      let file = try Descriptor.open(home + Bytes("/gpg.conf"), O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
      try file.write(Bytes("no-autostart\nno-auto-key-retrieve\nno-auto-key-import\ndisable-dirmngr\n"))
    }
    return home
  }

  private static func makeContext(home: Bytes) throws(ImportError) -> gpgme_ctx_t {
    var made: gpgme_ctx_t?
    try check(gpgme_new(&made))
    guard let made else { throw .signature(.engine([])) }
    gpgme_set_offline(made, 1)
    try check(home.withCString { gpgme_ctx_set_engine_info(made, GPGME_PROTOCOL_OpenPGP, nil, $0) })
    return made
  }

  /// The fingerprint of the only key in `content`; nil if there is none, or another beside it.
  private static func importKey(_ content: Bytes, _ context: gpgme_ctx_t) -> Bytes? {
    var data: gpgme_data_t?
    let start = content.map { CChar(bitPattern: $0) }
    guard gpgme_data_new_from_mem(&data, start, start.count, 1) == 0 else { return nil }
    defer { gpgme_data_release(data) }
    guard gpgme_op_import(context, data) == 0, let result = gpgme_op_import_result(context)?.pointee,
      result.considered == 1, result.imported == 1, result.secret_read == 0,
      let fingerprint = result.imports?.pointee.fpr
    else { return nil }
    return Bytes(cString: fingerprint)
  }

  private static func remove(_ home: Bytes) {
    try? FileSystem.removeTree(home, at: AT_FDCWD)
  }
}
