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

  /// Compares two mounted root file systems; without an old one everything is new.
  init(from old: Int32?, to new: Int32) throws(SystemError) {
    guard let old else {
      try addAll(in: new, [])
      return
    }
    _ = try compare(DirectoryPair(Bytes("."), at: old, new), [])
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

  private mutating func compare(_ pair: consuming DirectoryPair, _ path: Bytes) throws(SystemError) -> DirectoryPair {
    let (before, after) = (try pair.first.status(), try pair.second.status())
    let (old, new) = (Set(try pair.first.entries()), Set(try pair.second.entries()))
    for name in old.union(new).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let full = path + [0x2F] + name
      guard new.contains(name) else {
        changes.append((.deleted, full))
        continue
      }
      let now = try FileFacts(name, at: pair.second.number)
      let then = old.contains(name) ? try FileFacts(name, at: pair.first.number) : nil
      if then != now { changes.append((then == nil ? .added : .changed, full)) }
      guard now.isDirectory else { continue }
      let inner = try DirectoryPair.open(name, at: pair.second.number)
      guard then?.isDirectory == true else {
        try addAll(in: inner.number, full)
        continue
      }
      let innerBefore = try DirectoryPair.open(name, at: pair.first.number)
      _ = consume pair
      pair = try compare(DirectoryPair(innerBefore, inner), full).parent(before, after)
    }
    return pair
  }

  private mutating func addAll(in directory: Int32, _ path: Bytes) throws(SystemError) {
    try FileSystem.walk(directory) { changes.append((.added, path + [0x2F] + $0.path)) }
  }
}
