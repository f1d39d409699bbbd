import Foundation
import Testing

/// Every archive of the corpus, as root, as an ordinary user and with a single id: what comes of it, and that nothing
/// outside its directory has changed.
@Suite(.serialized) struct HostileArchiveTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  @Test(arguments: Identity.possible) func everyArchive(_ identity: Identity) throws {
    let sandbox = try Sandbox()
    let results = try extractCorpus(in: sandbox, as: identity)
    let expected = try expectations(for: identity)
    #expect(results.keys.sorted() == expected.keys.sorted())
    for (archive, result) in results {
      #expect(result.hasPrefix(expected[archive] ?? "?"), "\(archive): \(result)")
    }
  }

  /// Runs the probe and checks the canary.
  private func extractCorpus(in sandbox: Sandbox, as identity: Identity) throws -> [String: String] {
    try sandbox.run(
      "python3 \"$1\" archives; cp \"$2\" probe; chmod 755 probe; mkdir victim out; chmod 777 . out; "
        + "echo canary > victim/canary; chmod 666 victim/canary; chmod 777 victim; touch -d @1 victim/canary victim",
      [
        HostileArchiveTests.sources.appendingPathComponent("Corpus/corpus.py").path,
        probe,
      ]
    )
    let look = "stat -c '%n %a %u %h %s %Y' victim/* victim; cat victim/*"
    let before = try sandbox.run(look)
    let output = try sandbox.run(identity.wrapping("./probe corpus archives out"))
    #expect(try sandbox.run(look) == before)
    try sandbox.run(identity.wrapping("rm -rf out/*"))
    return HostileArchiveTests.lines(output)
  }

  private func expectations(for identity: Identity) throws -> [String: String] {
    let file = HostileArchiveTests.sources.appendingPathComponent("Corpus/expected.txt")
    var expected = HostileArchiveTests.lines(try String(contentsOf: file, encoding: .utf8))
    for (key, value) in expected where key.contains("@") {
      expected[key] = nil
      let parts = key.split(separator: "@")
      if parts[1] == identity.rawValue { expected[String(parts[0])] = value }
    }
    return expected
  }

  private static func lines(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ", maxSplits: 1)
      result[String(parts[0])] = String(parts.last ?? "")
    }
    return result
  }
}
