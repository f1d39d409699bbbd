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
    try add(root.number, path: [], to: &hash)
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

  private mutating func add(_ directory: Int32, path: Bytes, to hash: inout SHA256) throws(SystemError) {
    let opened = try Descriptor.open(Bytes("."), at: directory, O_RDONLY | O_DIRECTORY)
    for name in try opened.entries().sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let status = try FileSystem.status(name, at: opened.number)
      let (kind, size) = (status.st_mode & S_IFMT, status.st_size)
      let isFile = kind == S_IFREG
      entries += 1
      bytes += isFile ? UInt64(size) : 0
      hash.update(path + name + [0] + Bytes("\(status.st_mode) \(isFile ? size : 0)".utf8) + [0])
      if kind == S_IFDIR {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        let child = try Descriptor.open(name, at: opened.number, flags)
        try add(child.number, path: path + name + [0x2F], to: &hash)
      }
    }
  }
}
