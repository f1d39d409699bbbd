import Testing

@testable import PlashRuntime

/// NIST's examples for FIPS 180-4, and the lengths around the ends of blocks.
struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedExamples(text: String, digest: String) {
    #expect(SHA256.digest(of: Bytes(text.utf8)).hexadecimal == Bytes(digest.utf8))
  }

  @Test func aMillionLetters() {
    let digest = SHA256.digest(of: Bytes(repeating: 0x61, count: 1_000_000)).hexadecimal
    #expect(digest == Bytes("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"))
  }

  @Test(arguments: [1, 55, 56, 63, 64, 65, 119, 120, 128, 1000])
  func piecesMakeNoDifference(length: Int) {
    let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var hash = SHA256()
    for start in stride(from: 0, to: length, by: 13) { hash.update(Bytes(message[start..<min(start + 13, length)])) }
    #expect(hash.digest() == SHA256.digest(of: message))
  }
}
