import Foundation
import PlashRuntime
import Testing

@testable import PlashImages

/// Signatures of every kind: only a good one by the trusted key counts.
struct SignatureTests {
  private let sandbox: Sandbox
  private let data: [UInt8]

  init() throws {
    sandbox = try Sandbox()
    try sandbox.run("ln -s \"$1\" s", [SignatureCorpus.path])
    data = try Data(contentsOf: URL(fileURLWithPath: sandbox.path + "/s/data")).map { $0 }
  }

  private func content(_ name: String) throws -> [UInt8] {
    try Data(contentsOf: URL(fileURLWithPath: sandbox.path + "/s/" + name)).map { $0 }
  }

  /// Nil: it counts.
  private func fault(_ signature: String, key: String = "good", data: [UInt8]? = nil) throws -> ImportError? {
    let key = SigningKey(content: try content(key + ".key"))
    let verifier = try SignatureVerifier(key: key, scratch: Bytes(sandbox.path.utf8))
    do {
      try verifier.verify(try content(signature + ".sig"), of: data ?? self.data)
      return nil
    } catch {
      return error as? ImportError
    }
  }

  @Test func acceptsGoodOnes() throws {
    for name in ["good", "armored", "sha512", "good-and-stranger", "stranger-and-good", "tomorrow", "16-packets"] {
      #expect(try fault(name) == nil, "\(name)")
    }
    #expect(try fault("rsa2048", key: "rsa2048") == nil)
  }

  @Test func refusesAllOthers() throws {
    let expected: [(String, SignatureFault)] = [
      ("future", .future), ("sha1", .weakDigest), ("text", .unreadable),
      ("other", .bad), ("inline", .unreadable), ("inline-other", .unreadable), ("clear", .unreadable),
      ("good-and-bad", .bad), ("bad-and-good", .bad), ("empty", .unreadable), ("html", .unreadable),
      ("cut", .unreadable), ("large", .tooLarge), ("text-before", .unreadable), ("text-after", .unreadable),
      ("two-armors", .unreadable), ("text-between", .unreadable), ("text-in-head", .unreadable),
      ("text-inside", .unreadable), ("packet-and-text", .unreadable), ("17-packets", .tooLarge),
      ("10000-packets", .tooLarge), ("broken", .weakDigest), ("broken-packets", .tooLarge), ("after-tomorrow", .future),
    ]
    for (name, fault) in expected { #expect(try self.fault(name) == .signature(fault), "\(name)") }
    #expect(try fault("good", data: data + [0]) == .signature(.bad))
    for (name, key) in [("expired-key", "expired"), ("no-longer", "no-longer")] {
      guard case .signature(.expiredKey(let time), _) = try fault(name, key: key) else {
        Issue.record("\(name)")
        continue
      }
      #expect((1...Int(Date().timeIntervalSince1970)).contains(time), "\(name)")
    }
    guard case .signature(.expired(let time), _) = try fault("expired-signature") else {
      Issue.record("an expired signature")
      return
    }
    #expect((1...Int(Date().timeIntervalSince1970)).contains(time))
    #expect(try fault("revoked", key: "revoked") == .signature(.revokedKey))
    guard case .signature(.unknownKey, _) = try fault("stranger") else {
      Issue.record("a stranger's signature")
      return
    }
  }

  @Test func refusesWhatTheKeyMayNotSign() throws {
    let expected: [(String, String, SignatureFault)] = [
      ("md5", "rsa2048", .weakDigest), ("rsa1024", "rsa1024", .weakKey), ("encrypting", "encrypting", .unusableKey),
      ("stranger", "uncertified", .unusableKey), ("gone", "gone", .revokedKey),
    ]
    for (name, key, fault) in expected { #expect(try self.fault(name, key: key) == .signature(fault), "\(name)") }
  }

  /// The key signs by its subkey.
  @Test func acceptsSubkeys() throws { #expect(try fault("stranger", key: "stranger") == nil) }

  @Test func refusesOtherKeyFiles() throws {
    for name in ["two", "empty", "html", "secret"] {
      #expect(throws: ImportError.signature(.wrongKeyFile)) { try fault("good", key: name) }
    }
    let pinned = SigningKey(content: try content("good.key"), fingerprint: Bytes(repeating: 0x41, count: 40))
    #expect(throws: ImportError.signature(.wrongKeyFile)) {
      try SignatureVerifier(key: pinned, scratch: Bytes(sandbox.path.utf8))
    }
  }

  @Test func knowsTheKeyOfLinuxContainers() throws {
    _ = try SignatureVerifier(key: .linuxContainers, scratch: Bytes(sandbox.path.utf8))
  }

  /// What the user's own GnuPG trusts, and how it is set up, does not matter: the file here would stop it.
  @Test func ignoresTheGnuPGOfTheUser() throws {
    try sandbox.run(
      """
      mkdir -m 700 .gnupg; gpg --homedir .gnupg --batch --quiet --import s/stranger.key
      printf '%s\n' 'trust-model always' auto-key-retrieve 'keyserver hkp://127.0.0.1:1' 'no such option' >.gnupg/gpg.conf
      """)
    let before = try sandbox.run("ls -lA --full-time .gnupg; cat .gnupg/gpg.conf")
    for setting in ["HOME=\"$PWD\"", "GNUPGHOME=\"$PWD/.gnupg\""] {
      #expect(try verify("good", setting) == "good\n")
      #expect(try verify("stranger", setting).hasPrefix("not signed by the trusted key"))
    }
    #expect(try sandbox.run("ls -lA --full-time .gnupg; cat .gnupg/gpg.conf") == before)
  }

  /// In place of gpg: nothing, a program that does nothing, one that only says that it is gpg.
  @Test func needsAnEngineThatWorks() throws {
    try sandbox.run(
      """
      mkdir none silent boastful; ln -s /bin/true silent/gpg; ln -s /bin/true silent/gpgconf
      printf '#!/bin/sh\necho "gpg (GnuPG) 2.2.40"\n' >boastful/gpg; chmod +x boastful/gpg
      """)
    for folder in ["none", "silent"] {
      #expect(try verify("good", "PATH=\"$PWD/\(folder)\"").contains("gpg does not work"), "\(folder)")
    }
    #expect(try verify("good", "PATH=\"$PWD/boastful\"").contains("does not hold exactly that key"))
  }

  /// What a process of this environment says.
  private func verify(_ signature: String, _ environment: String) throws -> String {
    try sandbox.run(
      "\(environment) \"$1\" verify s/good.key s/\(signature).sig s/data \"$PWD\" || :", [probe])
  }

  /// Neither the user's GnuPG home nor a file of ours is left with anything of it.
  @Test func leavesNothing() throws {
    #expect(try fault("good") == nil)
    #expect(try sandbox.run("ls -A") == "s\n")
  }
}
