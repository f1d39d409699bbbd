internal import Glibc

/// What is mounted below a store's `data`, by the paths from the data directory.
enum StoreMounts {
  /// All in the mount namespace of this process.
  static func find(in store: ImageStore) throws(SystemError) -> [(id: ImageID, path: Bytes)] {
    let root = try FileSystem.readLink(Bytes("/proc/self/fd/\(store.root.number)".utf8), at: AT_FDCWD) + [0x2F]
    let mounts = try FileSystem.content(of: Bytes("/proc/self/mountinfo"))
    return mounts.split(separator: 0x0A).compactMap { line in
      guard let path = mountPoint(line), path.starts(with: root + Bytes("data/")) else { return nil }
      let id = ImageID(path[(root.count + 5)...].prefix { $0 != 0x2F })
      return id.map { ($0, Bytes(path[root.count...])) }
    }
  }

  /// proc_pid_mountinfo(5): the fifth word.
  static func mountPoint(_ line: ArraySlice<UInt8>) -> Bytes? {
    let words = line.split(separator: 0x20, maxSplits: 5)
    return words.count > 5 ? unescaped(words[4]) : nil
  }

  /// Blanks, tabs, newlines and backslashes are a backslash with three octal digits there.
  private static func unescaped(_ text: ArraySlice<UInt8>) -> Bytes {
    var rest = text
    var result = Bytes()
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == 0x5C, digits.count == 3, digits.allSatisfy({ 0x30...0x37 ~= $0 }) {
        result.append(digits.reduce(0) { $0 << 3 | ($1 - 0x30) })
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
