internal import CPlashShims
internal import Glibc
internal import PlashRuntime

/// Writes a merged tree as a tar archive.
///
/// Paths are from the root and have no slash at either end.
struct TarSink {
  private struct FileID: Hashable {
    let device: UInt
    let inode: UInt
  }

  private let writer: TarWriter
  /// The first names of files that have several.
  private var links: [FileID: Bytes] = [:]

  init(_ writer: TarWriter) { self.writer = writer }

  /// A directory, before what is in it.
  func add(_ directory: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError) {
    var entry = ExportEntry(path: path.isEmpty ? Bytes("./") : path + [0x2F], status)
    entry.attributes = try ExtendedAttribute.all(of: directory.number)
    try writer.write(entry)
  }

  /// Anything else.
  mutating func add(_ name: Bytes, in parent: OpenDirectory, _ status: stat, path: Bytes) throws(ImportError) {
    var entry = ExportEntry(path: path, status)
    switch status.st_mode & S_IFMT {
    case _ where try writeHardLink(&entry, status): break
    case S_IFREG: try writeFile(name, in: parent, entry)
    case S_IFLNK: try writeLink(name, in: parent, entry)
    default: try writer.write(entry)
    }
  }

  private func writeFile(_ name: Bytes, in parent: OpenDirectory, _ entry: ExportEntry) throws(ImportError) {
    let file = try system { () throws(SystemError) in
      try Descriptor.open(name, at: parent.number, O_RDONLY | O_NOFOLLOW | O_NOCTTY)
    }
    var entry = entry
    entry.attributes = try ExtendedAttribute.all(of: file.number)
    entry.sparse = try SparseMap.of(file.number, size: entry.size)
    try writer.write(entry, from: file.number)
  }

  /// True if the file was written before, under another name.
  private mutating func writeHardLink(_ entry: inout ExportEntry, _ status: stat) throws(ImportError) -> Bool {
    if status.st_nlink < 2 { return false }
    let id = FileID(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    guard let first = links[id] else {
      links[id] = entry.path
      return false
    }
    entry.kind = UInt8(ascii: "1")
    entry.target = first
    entry.size = 0
    try writer.write(entry)
    return true
  }

  private func writeLink(_ name: Bytes, in parent: OpenDirectory, _ entry: ExportEntry) throws(ImportError) {
    var entry = entry
    entry.target = try system { () throws(SystemError) in try FileSystem.readLink(name, at: parent.number) }
    try writer.write(entry)
  }
}
