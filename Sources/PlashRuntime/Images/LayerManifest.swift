internal import Glibc

/// What was in a layer when it was made, so that it can be told later whether it still is.
public struct LayerManifest: Sendable {
  /// How many files, directories and others there are.
  public private(set) var entries = 0
  /// What all of it takes on disk, in bytes, hard links once. In manifests of before, the sum of the sizes of the files.
  public private(set) var bytes: UInt64 = 0
  /// SHA-256, as hexadecimal digits, over the list: path, kind, mode and size of everything, in the order of the paths.
  public private(set) var digest: Bytes = []
  /// The permission bits of the layer's root directory; nil where none were noted, as in stores of before.
  let rootMode: UInt32?

  /// The file of a layer's data that has the list.
  static let listName = Bytes("files")

  /// Goes through the tree below `root`. Directories that their owner cannot read take rights over subordinate ids.
  /// `list` is given the list that the digest is over, piece by piece: `FileChange` reads it.
  init(
    of root: borrowing Descriptor, list: (Bytes) throws(SystemError) -> Void = { _ in }
  ) throws(SystemError) {
    let status = try root.status()
    rootMode = status.st_mode & 0o7777
    bytes = status.bytesOnDisk
    var linked: Set<ino_t> = []
    var hash = SHA256()
    var piece = Bytes()
    try FileSystem.walk(root.number) { entry throws(SystemError) in
      let size = entry.kind == S_IFREG ? entry.status.st_size : 0
      entries += 1
      if entry.kind == S_IFDIR || entry.status.st_nlink == 1 || linked.insert(entry.status.st_ino).inserted {
        bytes += entry.status.bytesOnDisk
      }
      piece += entry.path + [0] + Bytes("\(entry.status.st_mode) \(size)".utf8) + [0]
      if piece.count < 1 << 16 { return }
      hash.update(piece)
      try list(piece)
      piece.removeAll(keepingCapacity: true)
    }
    hash.update(piece)
    try list(piece)
    digest = hash.digest().hexadecimal
  }

  /// Reads what `text` says.
  public init?(text: Bytes) {
    let lines = text.split(separator: 0x0A).map {
      $0.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    }
    guard lines.count >= 3, lines.allSatisfy({ $0.count == 2 }), let entries = Int(lines[0][1]),
      let bytes = UInt64(lines[1][1])
    else { return nil }
    self.entries = entries
    self.bytes = bytes
    digest = Bytes(lines[2][1].utf8)
    rootMode = lines.count > 3 ? UInt32(lines[3][1], radix: 8) : nil
  }

  /// A line for each part.
  var text: Bytes {
    let root = rootMode.map { "root \(String($0, radix: 8))\n" } ?? ""
    return Bytes("entries \(entries)\nbytes \(bytes)\nsha256 ".utf8) + digest + Bytes("\n\(root)".utf8)
  }
}

extension stat {
  /// Holes take nothing.
  fileprivate var bytesOnDisk: UInt64 { UInt64(st_blocks) * 512 }
}
