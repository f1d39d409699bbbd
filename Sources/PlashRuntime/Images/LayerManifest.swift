internal import Glibc

/// What was in a layer when it was made, so that it can be told later whether it still is.
public struct LayerManifest: Equatable, Sendable {
  /// How many files, directories and others there are.
  public private(set) var entries = 0
  /// The sum of the sizes of all files, in bytes.
  public private(set) var bytes: UInt64 = 0
  /// SHA-256, as hexadecimal digits, over path, kind, mode and size of everything, in the order of the paths.
  public private(set) var digest: Bytes = []

  /// Goes through the tree below `root`. Directories that their owner cannot read take rights over subordinate ids.
  public init(of root: borrowing Descriptor) throws(SystemError) {
    var hash = SHA256()
    try FileSystem.walk(root.number) { entry throws(SystemError) in
      let size = entry.kind == S_IFREG ? entry.status.st_size : 0
      entries += 1
      bytes += UInt64(size)
      hash.update(entry.path + [0] + Bytes("\(entry.status.st_mode) \(size)".utf8) + [0])
    }
    digest = hash.digest().hexadecimal
  }

  /// Reads what `text` says.
  public init?(text: Bytes) {
    let lines = text.split(separator: 0x0A).map {
      $0.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    }
    guard lines.count == 3, lines.allSatisfy({ $0.count == 2 }), let entries = Int(lines[0][1]),
      let bytes = UInt64(lines[1][1])
    else { return nil }
    self.entries = entries
    self.bytes = bytes
    digest = Bytes(lines[2][1].utf8)
  }

  /// A line for each part.
  public var text: Bytes {
    Bytes("entries \(entries)\nbytes \(bytes)\nsha256 ".utf8) + digest + [0x0A]
  }
}
