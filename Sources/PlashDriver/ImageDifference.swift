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
    let before = try Descriptor.open(Bytes("."), at: old, Place.flags)
    _ = try compare(Place(before: before, after: Descriptor.open(Bytes("."), at: new, Place.flags)), [])
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

  /// The same directory in both. One pair is open at a time, however deep the trees are.
  private struct Place: ~Copyable {
    let before: Descriptor
    let after: Descriptor

    static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW

    consuming func parent(_ before: stat, _ after: stat) throws(SystemError) -> Place {
      Place(before: try self.before.parent(before), after: try self.after.parent(after))
    }
  }

  private mutating func compare(_ place: consuming Place, _ path: Bytes) throws(SystemError) -> Place {
    let (before, after) = (try place.before.status(), try place.after.status())
    let (old, new) = (Set(try place.before.entries()), Set(try place.after.entries()))
    for name in old.union(new).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let full = path + [0x2F] + name
      guard new.contains(name) else {
        changes.append((.deleted, full))
        continue
      }
      let now = try FileFacts(name, at: place.after.number)
      let then = old.contains(name) ? try FileFacts(name, at: place.before.number) : nil
      if then != now { changes.append((then == nil ? .added : .changed, full)) }
      guard now.isDirectory else { continue }
      let inner = try Descriptor.open(name, at: place.after.number, Place.flags)
      guard then?.isDirectory == true else {
        try addAll(in: inner.number, full)
        continue
      }
      let innerBefore = try Descriptor.open(name, at: place.before.number, Place.flags)
      _ = consume place
      place = try compare(Place(before: innerBefore, after: inner), full).parent(before, after)
    }
    return place
  }

  private mutating func addAll(in directory: Int32, _ path: Bytes) throws(SystemError) {
    try FileSystem.walk(directory) { changes.append((.added, path + [0x2F] + $0.path)) }
  }
}
