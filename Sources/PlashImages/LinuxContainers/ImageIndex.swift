public import PlashRuntime

/// What a server has.
public struct ImageIndex: Sendable {
  /// For one architecture, in the order of names; of each name the newest.
  public let images: [IndexedImage]

  /// Reads an index; lines that make no sense are skipped, or one of them would stop every import.
  init(_ text: Bytes, architecture: Bytes) {
    var newest: [Bytes: IndexedImage] = [:]
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      guard let image = IndexedImage(line: line), image.architecture == architecture else { continue }
      let known = newest[image.name]?.serial ?? []
      if known.lexicographicallyPrecedes(image.serial) { newest[image.name] = image }
    }
    images = newest.values.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// The image that `name` means: `alpine` (the newest release), `alpine:3.23`, `alpine:3.23:default`, `noble`, `debian:13`;
  /// slashes do as well as colons.
  public func image(_ name: Bytes) throws(ImportError) -> IndexedImage {
    let parts = try ImageIndex.parts(of: name)
    let found = images.filter { image in
      parts.count == 1
        ? image.distribution == parts[0]
        : image.distribution == parts[0] && isNamed(parts[1], image) && (parts.count == 2 || parts[2] == image.variant)
    }
    let releases = parts.count == 1 && found.isEmpty ? images.filter { $0.release == name } : found
    guard let best = releases.max(by: precedes) else { throw .noSuchImage(name, nearest: nearest(to: name)) }
    return best
  }

  /// Throws for what is no name of any image.
  static func parts(of name: Bytes) throws(ImportError) -> [Bytes] {
    let parts = name.split(omittingEmptySubsequences: false) { $0 == 0x3A || $0 == 0x2F }.map { Bytes($0) }
    guard (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { throw .invalidName(name) }
    return parts
  }

  /// The serial of what was built last.
  var newest: Bytes? { images.map(\.serial).max { $0.lexicographicallyPrecedes($1) } }

  /// The day when something of it was built last, as `2026-11-23`.
  public var day: String? { newest.map { Day(serial: $0).words } }

  private func isNamed(_ release: Bytes, _ image: IndexedImage) -> Bool {
    image.release == release || CodeName.name(of: release, image.distribution) == image.release
  }

  /// Older releases first, then unusual variants, then, for a choice that is always the same, later names.
  private func precedes(_ left: IndexedImage, _ right: IndexedImage) -> Bool {
    let versions = [left, right].map { ReleaseVersion($0.release, of: $0.distribution) }
    if versions[0] != versions[1] { return versions[0] < versions[1] }
    let isUsual = [left, right].map { $0.variant == Bytes("default") }
    if isUsual[0] != isUsual[1] { return isUsual[1] }
    // Of releases without numbers those that are no longer built are old.
    if left.serial != right.serial { return left.serial.lexicographicallyPrecedes(right.serial) }
    return right.name.lexicographicallyPrecedes(left.name)
  }

  private func nearest(to name: Bytes) -> [Bytes] {
    let distances = Set(images.map(\.name)).union(images.map(\.distribution)).map { (EditDistance.of($0, name), $0) }
    let sorted = distances.sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1.lexicographicallyPrecedes($1.1) }
    return sorted.prefix(5).map(\.1)
  }
}
