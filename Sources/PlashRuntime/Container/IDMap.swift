/// Consecutive ids of the host that a user may use.
struct IDRange: Equatable, Sendable {
  let start: UInt32
  let count: UInt32

  private var ids: Range<UInt64> { UInt64(start)..<UInt64(start) + UInt64(count) }

  func contains(_ other: IDRange) -> Bool { ids.contains(other.ids) }

  func overlaps(_ other: IDRange) -> Bool {
    ids.overlaps(other.ids)
  }
}

/// Which ids of the host stand for the ids inside a user namespace.
struct IDMap: Equatable, Sendable {
  /// The host's id that is 0 inside.
  let root: UInt32
  /// What follows from 1 on, without gaps.
  let subordinate: [IDRange]

  /// Ranges that share ids with root or with one before are left out: the kernel takes none twice.
  init(root: UInt32, granted ranges: [IDRange]) {
    self.root = root
    var taken = [IDRange(start: root, count: 1)]
    for range in ranges where !taken.contains(where: range.overlaps) { taken.append(range) }
    subordinate = Array(taken.dropFirst())
  }

  /// The arguments of newuidmap and newgidmap after the pid: triples of inside, outside, count.
  var arguments: [Bytes] {
    var inside: UInt64 = 1
    var triples: [(UInt64, UInt32, UInt32)] = [(0, root, 1)]
    for range in subordinate {
      triples.append((inside, range.start, range.count))
      inside += UInt64(range.count)
    }
    return triples.flatMap { ["\($0)", "\($1)", "\($2)"] }.map { Bytes($0.utf8) }
  }
}
