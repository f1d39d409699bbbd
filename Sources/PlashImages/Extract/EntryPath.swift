internal import PlashRuntime

/// A name of an archive as the names of directories to walk through; no `.`, no `..`, nothing empty.
struct EntryPath: Equatable {
  static let longestPart = 255
  static let deepest = 255

  let parts: [Bytes]
  let isAbsolute: Bool

  init(_ name: Bytes) throws(EntryFault) {
    guard !name.isEmpty, name != Bytes("/") else { throw .noName }
    if name.contains(0) { throw .nulInName }
    isAbsolute = name.first == 0x2F
    parts = name.split(separator: 0x2F).filter { !$0.elementsEqual(CollectionOfOne(0x2E)) }.map { Bytes($0) }
    if parts.contains(Bytes("..")) { throw .leavesRoot }
    if parts.contains(where: { $0.count > EntryPath.longestPart }) { throw .partTooLong }
    if parts.count > EntryPath.deepest { throw .tooDeep(EntryPath.deepest) }
  }
}

extension EntryPath {
  static func of(_ name: Bytes) throws(EntryFailure) -> EntryPath {
    do {
      return try EntryPath(name)
    } catch {
      throw .fault(error)
    }
  }
}
