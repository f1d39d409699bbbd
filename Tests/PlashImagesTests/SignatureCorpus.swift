import Foundation

/// The keys and signatures of `Corpus/signatures.sh`, made once for all tests of a process.
enum SignatureCorpus {
  nonisolated(unsafe) private static var sandbox: Sandbox?
  private static let made = Result { try make() }

  /// The directory that they are in.
  static var path: String { get throws { try made.get() } }

  private static func make() throws -> String {
    let sandbox = try Sandbox()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Corpus/signatures.sh")
    try sandbox.run("sh \"$1\" 2>&1", [script.path])
    self.sandbox = sandbox
    atexit { SignatureCorpus.sandbox = nil }
    return sandbox.path
  }
}
