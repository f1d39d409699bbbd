internal import Glibc
public import PlashRuntime

/// Which files differ between two images.
public struct ImageDifference: Sendable {
  /// What happened to a file.
  enum Change: String, Sendable {
    case added = "A"
    case changed = "C"
    case deleted = "D"
  }

  private(set) var changes: [(change: Change, path: Bytes)] = []

  /// Compares two mounted root file systems.
  init(from old: Int32?, to new: Int32) throws(SystemError) {
    try compare(old, new, [])
  }

  /// A line for each file: A, C or D and the path.
  public var text: Bytes {
    Bytes(changes.flatMap { Bytes("\($0.change.rawValue) \($0.path.printable)\n".utf8) })
  }

  /// The same as an array of objects.
  public var json: Bytes {
    JSON.array(
      changes.map { .object([("change", .string(Bytes($0.change.rawValue.utf8))), ("path", .string($0.path))]) }
    ).text
  }

  private mutating func compare(_ old: Int32?, _ new: Int32, _ path: Bytes) throws(SystemError) {
    let (before, after) = (try names(old), try names(new))
    for name in before.union(after).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let full = path + [0x2F] + name
      if !after.contains(name) {
        changes.append((.deleted, full))
      } else if !before.contains(name) {
        changes.append((.added, full))
        try descend(nil, new, name, full)
      } else if let old {
        if try FileFacts(name, at: old) != FileFacts(name, at: new) { changes.append((.changed, full)) }
        try descend(old, new, name, full)
      }
    }
  }

  private func names(_ directory: Int32?) throws(SystemError) -> Set<Bytes> {
    guard let directory else { return [] }
    return Set(try Descriptor.open(Bytes("."), at: directory, O_RDONLY | O_DIRECTORY).entries())
  }

  private mutating func descend(_ old: Int32?, _ new: Int32, _ name: Bytes, _ path: Bytes) throws(SystemError) {
    guard try FileFacts(name, at: new).isDirectory else { return }
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    let inside = try Descriptor.open(name, at: new, flags)
    guard let old, try FileFacts(name, at: old).isDirectory else { return try compare(nil, inside.number, path) }
    let before = try Descriptor.open(name, at: old, flags)
    try compare(before.number, inside.number, path)
  }
}
