import Foundation
import PlashRuntime
import Testing

@testable import PlashImages

/// Input damaged at random: an error or not, but never a trap, and nothing outside.
struct DamagedInputTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Corpus")

  @Test(.enabled(if: getuid() == 0)) func archives() throws {
    let sandbox = try Sandbox()
    let results = try sandbox.run(
      """
      mkdir archives damaged out victim; echo canary > victim/canary; touch -d @1 victim/canary victim
      python3 "$1/corpus.py" archives; python3 "$1/mutate.py" 1 1500 archives damaged
      "$2" corpus damaged out; stat -c '%n %a %h %s %Y' victim victim/*
      """, [DamagedInputTests.corpus.path, probe])
    let lines = results.split(separator: "\n")
    #expect(lines.count == 1502)
    #expect(lines.suffix(2).allSatisfy { $0.hasSuffix(" 1") && $0.hasPrefix("victim") })
  }

  /// Small pieces of what each parser knows, in any order.
  private func inputs(_ pieces: [String], count: Int) -> [Bytes] {
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    return (0..<count).map { _ in
      (0..<next(12)).flatMap { _ in
        next(8) == 0 ? [UInt8(next(256))] : Bytes(pieces[next(pieces.count)].utf8)
      }
    }
  }

  @Test func indexes() {
    let pieces = [
      "alpine;3.20;amd64;default;20260101_00:00;/images/a/", "\n", ";", "edge", "/images/", "..", "20260101_00:00",
      "amd64", ":", "99999999999999999999999.1", "a/b;1;amd64;default;20260101_00:00;/images/b/\n",
    ]
    for text in inputs(pieces, count: 20000) {
      let index = ImageIndex(text, architecture: Bytes("amd64"))
      for name in [Bytes("alpine"), Bytes(text.prefix(20))] { _ = try? index.image(name) }
      _ = LinuxContainers.digest(of: Bytes("rootfs.tar.xz"), in: text)
      for image in index.images {
        #expect(image.path.starts(with: Bytes("/images/")) && !image.path.contains(0x0A))
        // Found by a fuzzer: names with a slash were listed, and could not be had.
        #expect((try? index.image(image.name)) != nil)
      }
    }
  }

  @Test func extendedHeaders() {
    let pieces = [
      "12 path=abc\n", "path=", "9", "99999999999999999999", " ", "=", "\n", "GNU.sparse.map=1,2,3",
      "GNU.sparse.offset=5\n",
      "mtime=1.5\n", "20 mtime=-1.-5\n", "24 GNU.sparse.numbytes=9\n", "30 SCHILY.xattr.user.a=\n", "-1 ",
    ]
    for text in inputs(pieces, count: 20000) {
      var records = PaxRecords()
      _ = records.add(text)
      _ = TarNumber.time(text)
      _ = SparseMap(numbers: records.sparse.numbers, size: records.sparse.realSize ?? Int.max, stored: 9)
    }
  }

  @Test func signatures() {
    let pieces = [
      "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----", "\n", "\n\n", "iHUEABYIAB0", "=", "\u{88}\u{04}",
      "Version: 1", "\u{c2}\u{ff}",
    ]
    for text in inputs(pieces, count: 20000) { _ = try? SignaturePackets(text) }
    for first in UInt8.min...UInt8.max { _ = try? SignaturePackets([first, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 4, 0]) }
  }

  @Test func answers() {
    let pieces = [
      "HTTP/1.1 ", "200", "HTTP/2 206\r\n", ":", " ", "ETag", "\"", "Content-Length: ", "99999999999999999999",
      "Content-Range: bytes ", "5-", "/", "Retry-After: -1", "\r\n",
    ]
    for text in inputs(pieces, count: 20000) {
      var headers = AnswerHeaders()
      for line in text.split(separator: 0x0A) { _ = headers.add(Bytes(line)) }
      _ = WebAddress(text)?.withoutCredentials
      _ = WebAddress(Bytes("http://") + text)?.withoutCredentials
    }
  }
}
