internal import Glibc
internal import PlashLang
internal import PlashRuntime

/// The exact bases of a Plashfile, in a text file beside it (docs/decisions/0016):
///
/// ```
/// # plash lock 1: ...
/// 64 hexadecimal digits, two blanks, what was written, and for some sources two blanks and where the very same is
/// ```
struct BaseLock {
  /// A base and its key, which says all of its content.
  struct Entry {
    let key: LayerKey
    /// What the source calls this very build; nil where sources have no such names.
    let exactName: Bytes?
  }

  /// Where the file is.
  let path: Bytes
  private var entries: [Bytes: Entry] = [:]

  /// An empty lock that belongs at `path`.
  init(at path: Bytes) { self.path = path }

  /// Where the lock of the Plashfile `file` belongs: beside the file itself, not beside a link to it.
  static func path(for file: Bytes) -> Bytes { followed(file) + Bytes(".lock") }

  /// The lock of a Plashfile, or nil if it has none.
  static func find(for file: Bytes) throws(DriverError) -> BaseLock? {
    let path = path(for: file)
    let text: Bytes
    do throws(SystemError) {
      text = try FileSystem.content(of: path)
    } catch  where error.code == ENOENT || error.code == ENOTDIR {
      return nil
    } catch {
      throw .system(error)
    }
    return try driving { () throws(LockError) in try BaseLock(path, text) }
  }
}

// MARK: - Text

extension BaseLock {
  private static let head = Bytes(
    "# plash lock 1: the exact bases of the Plashfile beside this file, made by `plash lock`; keep both together\n")
  private static let separator = Bytes("  ")

  private init(_ path: Bytes, _ text: Bytes) throws(LockError) {
    self.path = path
    for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && line.first != 0x23 {
      guard let (base, entry) = Self.entry(Bytes(line)) else { throw .damaged(lock: path, line: index + 1) }
      entries[base] = entry
    }
  }

  private static func entry(_ line: Bytes) -> (base: Bytes, entry: Entry)? {
    guard let key = LayerKey(hex: Bytes(line.prefix(64))), line.dropFirst(64).starts(with: separator) else {
      return nil
    }
    let rest = Bytes(line.dropFirst(66))
    guard let end = rest.range(of: separator) else {
      return rest.isEmpty ? nil : (rest, Entry(key: key, exactName: nil))
    }
    return (Bytes(rest[..<end.lowerBound]), Entry(key: key, exactName: Bytes(rest[end.upperBound...])))
  }

  /// As it is written: sorted, so that the same bases give the same bytes.
  var text: Bytes {
    let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return sorted.reduce(Self.head) { text, base in
      let exactName = base.value.exactName.map { Self.separator + $0 } ?? []
      return text + base.value.key.hex + Self.separator + base.key + exactName + [0x0A]
    }
  }

  subscript(reference: BaseReference) -> Entry? {
    get { entries[Self.name(of: reference)] }
    set { entries[Self.name(of: reference)] = newValue }
  }

  /// What was written, in one line: `lxc alpine:3.23`. Blanks and what else would not stand in a word become `\xNN`;
  /// passwords stay out of files that are shared.
  static func name(of reference: BaseReference) -> Bytes {
    let words = [Bytes(reference.source.rawValue.utf8), reference.listedName] + reference.options
    return Bytes(words.filter { !$0.isEmpty }.map { Bytes($0.flatMap(escaped)) }.joined(separator: [0x20]))
  }

  private static func escaped(_ byte: UInt8) -> Bytes {
    0x20 < byte && byte < 0x7F && byte != 0x5C ? [byte] : Bytes("\\x") + [byte].hexadecimal
  }

  /// Puts it in place of what is there, at once.
  func save() throws(DriverError) {
    let new = path + Bytes(".new")
    try driving { () throws(SystemError) in
      try Descriptor.open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o666 & ~Process.callersUmask).write(
        text)
      try FileSystem.rename(new, at: AT_FDCWD, to: path, at: AT_FDCWD)
    }
  }

  /// Where the last of a chain of links leads; as far as it can be followed.
  private static func followed(_ file: Bytes, _ depth: Int = 0) -> Bytes {
    guard depth < 40, let target = try? FileSystem.readLink(file, at: AT_FDCWD) else { return file }
    let folder = file.lastIndex(of: 0x2F).map { Bytes(file[...$0]) } ?? []
    return followed(target.first == 0x2F ? target : folder + target, depth + 1)
  }
}
