internal import CPlashShims
internal import Glibc
internal import PlashRuntime

/// Goes through the merged tree of some layers, names in the order of their bytes.
struct LayerWalk {
  private var sink: TarSink

  init(_ writer: TarWriter) { sink = TarSink(writer) }

  /// Gives a directory and all below it to the sink. `layers`: this directory in every layer that has it, the topmost
  /// first. `path` is empty for the root.
  mutating func write(_ layers: [OpenDirectory], path: Bytes) throws(ImportError) {
    guard let top = layers.first else { preconditionFailure("a directory in no layer") }
    try sink.add(top, try status(of: top), path: path)
    let visible = try Self.visible(layers)
    for (name, holders) in try Self.names(visible) {
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
    case S_IFCHR where found.st_rdev == 0, S_IFSOCK: break
    default: try sink.add(name, in: top, found, path: path)
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
