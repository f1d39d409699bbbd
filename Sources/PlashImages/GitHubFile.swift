public import PlashRuntime

/// A file in a repository on GitHub.
public struct GitHubFile: Sendable {
  /// Where its bytes are.
  public let address: Bytes

  /// - Parameters:
  ///   - repository: `user/name`, or `user/name@REV` with a branch, a tag or a commit.
  ///   - path: of the file inside it; every part of it a plain name.
  ///   - server: an address in place of `https://raw.githubusercontent.com`, no slash at the end.
  /// - Throws: `ImportError.invalidName` for what could mean another address.
  public init(repository: Bytes, path: Bytes, server: Bytes? = nil) throws(ImportError) {
    let parts = repository.split(separator: 0x40, maxSplits: 1, omittingEmptySubsequences: false)
    let names = parts[0].split(separator: 0x2F, omittingEmptySubsequences: false)
    let revision =
      parts.count == 2 ? parts[1].split(separator: 0x2F, omittingEmptySubsequences: false) : [Bytes("HEAD")[...]]
    guard names.count == 2, (names + revision).allSatisfy(GitHubFile.isPlain) else { throw .invalidName(repository) }
    let folders = path.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard folders.allSatisfy({ !$0.isEmpty && !GitHubFile.isDots($0) && !$0.contains(0) }) else {
      throw .invalidName(path)
    }
    let places = names.map { Bytes($0) } + revision.map { Bytes($0) } + folders.map(GitHubFile.escaped)
    address = ([server ?? Bytes("https://raw.githubusercontent.com")] + places).reduce(into: Bytes()) {
      $0 += ($0.isEmpty ? [] : [0x2F]) + $1
    }
  }

  private static func isPlain(_ name: ArraySlice<UInt8>) -> Bool {
    !name.isEmpty && !isDots(name) && name.allSatisfy { isUnreserved($0) && $0 != 0x7E }
  }

  private static func isDots(_ name: ArraySlice<UInt8>) -> Bool { name.allSatisfy { $0 == 0x2E } && name.count < 3 }

  /// Percent-encoded, RFC 3986.
  private static func escaped(_ part: ArraySlice<UInt8>) -> Bytes {
    let digits = Bytes("0123456789ABCDEF")
    return part.flatMap { isUnreserved($0) ? [$0] : [0x25, digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }
}
