internal import Glibc
internal import PlashRuntime

/// A digest over files and folders: names, kinds, modes and contents, but no times or owners. Any other change shows.
enum TreeDigest {
  /// 64 hexadecimal digits for the files at `path`, each known by `name`.
  static func hexadecimal(of files: [(name: Bytes, path: Bytes)]) throws(SystemError) -> Bytes {
    var hash = SHA256()
    for (name, path) in files { try add(path, as: name, to: &hash, followingLink: true) }
    return hash.digest().hexadecimal
  }

  private static func add(
    _ path: Bytes, as name: Bytes, to hash: inout SHA256, followingLink: Bool
  ) throws(SystemError) {
    let kind = try FileSystem.kind(of: path, followingLink: followingLink)
    add(field: name, to: &hash)
    switch kind {
    case .file(let mode):
      add(field: Bytes("file \(String(mode, radix: 8))".utf8), to: &hash)
      try addContent(of: path, to: &hash)
    case .link:
      add(field: Bytes("link"), to: &hash)
      add(field: try FileSystem.readLink(path, at: AT_FDCWD), to: &hash)
    case .directory(let mode):
      add(field: Bytes("directory \(String(mode, radix: 8))".utf8), to: &hash)
      let entries = try Descriptor.open(path, O_RDONLY | O_DIRECTORY).entries()
        .sorted { $0.lexicographicallyPrecedes($1) }
      add(field: Bytes("\(entries.count)".utf8), to: &hash)
      for entry in entries { try add(path + [0x2F] + entry, as: entry, to: &hash, followingLink: false) }
    case .other:
      add(field: Bytes("other"), to: &hash)
    }
  }

  private static func addContent(of path: Bytes, to hash: inout SHA256) throws(SystemError) {
    let file = try Descriptor.open(path)
    var length = 0
    while true {
      let chunk = try file.read(upTo: 1 << 18)
      if chunk.isEmpty { break }
      length += chunk.count
      hash.update(chunk)
    }
    add(field: Bytes("\(length)".utf8), to: &hash)
  }

  private static func add(field: Bytes, to hash: inout SHA256) {
    hash.update((0..<8).map { UInt8(truncatingIfNeeded: UInt64(field.count) >> (56 - 8 * UInt64($0))) } + field)
  }
}
