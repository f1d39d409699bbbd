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
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Corpus/signatures.sh")
    try sandbox.run("mkdir s; cd s; sh \"$1\"", [script.path])
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
    for name in ["good", "armored", "sha512", "good-and-stranger", "stranger-and-good"] {
      #expect(try fault(name) == nil, "\(name)")
    }
  }

  @Test func refusesAllOthers() throws {
    let expected: [(String, SignatureFault)] = [
      ("expired-signature", .expired), ("future", .future), ("sha1", .weakDigest), ("text", .unreadable),
      ("other", .bad), ("inline", .unreadable), ("inline-other", .unreadable), ("clear", .unreadable),
      ("good-and-bad", .bad), ("bad-and-good", .bad), ("empty", .unreadable), ("html", .unreadable),
      ("cut", .unreadable), ("large", .tooLarge), ("text-before", .unreadable), ("text-after", .unreadable),
      ("two-armors", .unreadable),
    ]
    for (name, fault) in expected { #expect(try self.fault(name) == .signature(fault), "\(name)") }
    #expect(try fault("good", data: data + [0]) == .signature(.bad))
    #expect(try fault("expired-key", key: "expired") == .signature(.expiredKey))
    #expect(try fault("revoked", key: "revoked") == .signature(.revokedKey))
    guard case .signature(.unknownKey) = try fault("stranger") else {
      Issue.record("a stranger's signature")
      return
    }
  }

  /// The key signs by its subkey.
  @Test func acceptsSubkeys() throws { #expect(try fault("stranger", key: "stranger") == nil) }

  @Test func refusesOtherKeyFiles() throws {
    for name in ["two", "empty"] {
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

  /// Neither the user's GnuPG home nor a file of ours is left with anything of it.
  @Test func leavesNothing() throws {
    #expect(try fault("good") == nil)
    #expect(try sandbox.run("ls -A") == "s\n")
  }
}
