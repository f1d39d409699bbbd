internal import CPlashShims
internal import Glibc
internal import PlashRuntime

/// Goes through the merged tree of some layers, names in the order of their bytes.
struct LayerWalk {
  private struct FileID: Hashable {
    let device: UInt
    let inode: UInt
  }

  private let writer: TarWriter
  /// The first names of files that have several.
  private var links: [FileID: Bytes] = [:]

  init(_ writer: TarWriter) { self.writer = writer }

  /// Writes a directory and all below it. `layers`: this directory in every layer that has it, the topmost first.
  mutating func write(_ layers: [OpenDirectory], path: Bytes) throws(ImportError) {
    guard let top = layers.first else { preconditionFailure("a directory in no layer") }
    var entry = ExportEntry(path: path.isEmpty ? Bytes("./") : path + [0x2F], try status(of: top))
    entry.attributes = try ExtendedAttribute.all(of: top.number)
    try writer.write(entry)
    let visible = try LayerWalk.visible(layers)
    for (name, holders) in try LayerWalk.names(visible) {
      try write(name, holders.map { visible[$0] }, path: path.isEmpty ? name : path + [0x2F] + name)
    }
  }

  /// The layers down to the first that hides those below.
  private static func visible(_ layers: [OpenDirectory]) throws(ImportError) -> [OpenDirectory] {
    if layers.count == 1 { return layers }
    for (index, layer) in layers.enumerated() where try layer.isOpaque() { return Array(layers[...index]) }
    return layers
  }

  /// Every name, and which layers have it.
  private static func names(_ layers: [OpenDirectory]) throws(ImportError) -> [(key: Bytes, value: [Int])] {
    var holders: [Bytes: [Int]] = [:]
    for (index, layer) in layers.enumerated() {
      for name in try layer.entries() { holders[name, default: []].append(index) }
    }
    return holders.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  private mutating func write(_ name: Bytes, _ holders: [OpenDirectory], path: Bytes) throws(ImportError) {
    guard let top = holders.first else { return }
    let found = try status(of: name, in: top)
    switch found.st_mode & S_IFMT {
    case S_IFDIR: try write(try directories(name, holders), path: path)
    case S_IFREG: try writeFile(name, in: top, path: path)
    case S_IFLNK: try writeLink(name, in: top, ExportEntry(path: path, found))
    case S_IFCHR where found.st_rdev == 0, S_IFSOCK: break
    default: try writer.write(ExportEntry(path: path, found))
    }
  }

  /// The directory in this layer and those below, as far as they are directories.
  private func directories(_ name: Bytes, _ holders: [OpenDirectory]) throws(ImportError) -> [OpenDirectory] {
    var result: [OpenDirectory] = []
    for holder in holders {
      let isDirectory = try status(of: name, in: holder).st_mode & S_IFMT == S_IFDIR
      if !isDirectory { break }
      result.append(try OpenDirectory(name, at: holder.number))
    }
    return result
  }

  private mutating func writeFile(_ name: Bytes, in parent: OpenDirectory, path: Bytes) throws(ImportError) {
    let file = try system { () throws(SystemError) in
      try Descriptor.open(name, at: parent.number, O_RDONLY | O_NOFOLLOW | O_NOCTTY)
    }
    var status = stat()
    try call("fstat", path) { fstat(file.number, &status) }
    var entry = ExportEntry(path: path, status)
    if try writeHardLink(&entry, status) { return }
    entry.attributes = try ExtendedAttribute.all(of: file.number)
    entry.size = status.st_size
    if status.st_blocks * 512 < status.st_size {
      entry.sparse = try SparseMap.of(file.number, size: status.st_size)
    }
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
    try writer.write(entry)
    return true
  }

  private func writeLink(_ name: Bytes, in parent: OpenDirectory, _ entry: ExportEntry) throws(ImportError) {
    var entry = entry
    entry.target = try system { () throws(SystemError) in try FileSystem.readLink(name, at: parent.number) }
    try writer.write(entry)
  }

  private func status(of directory: OpenDirectory) throws(ImportError) -> stat {
    var status = stat()
    try call("fstat") { fstat(directory.number, &status) }
    return status
  }

  private func status(of name: Bytes, in parent: OpenDirectory) throws(ImportError) -> stat {
    var status = stat()
    try call("fstatat", name) {
      name.withCString { fstatat(parent.number, $0, &status, AT_SYMLINK_NOFOLLOW) }
    }
    return status
  }
}
