internal import Glibc

/// What the files of a layer contain. Making a layer does not wait for it: `fsck --full` notes it the first time it reads
/// a layer, and compares from then on.
struct LayerContents {
  /// The path of every file and every link and the SHA-256, as hexadecimal digits, of its content or target, each ended by
  /// a NUL, in the order of the paths.
  let list: Bytes
  /// What stores of before have in place of the list: one number for all.
  let former: Bytes?
  /// Why files could not be read, which are not in the list.
  let unreadable: [SystemError]

  static let name = Bytes("contents")

  /// Reads all files below `root`, which takes rights over the user's subordinate ids.
  init(of root: borrowing Descriptor, asFormerly: Bool) throws(SystemError) {
    var list = Bytes()
    var all = asFormerly ? SHA256() : nil
    var unreadable: [SystemError] = []
    try FileSystem.walk(root.number) { entry throws(SystemError) in
      var hash = SHA256()
      switch entry.kind {
      case S_IFREG:
        all?.update(entry.path + [0] + Bytes("\(entry.status.st_size)".utf8) + [0])
        do throws(SystemError) {
          try Self.read(entry) { chunk in
            hash.update(chunk)
            all?.update(chunk)
          }
        } catch {
          unreadable.append(error)
          return
        }
      case S_IFLNK:
        let target = try FileSystem.readLink(entry.name, at: entry.directory)
        hash.update(target)
        all?.update(entry.path + [0] + target + [0])
      default: return
      }
      list += entry.path + [0] + hash.digest().hexadecimal + [0]
    }
    self.list = list
    self.unreadable = unreadable
    former = all?.digest().hexadecimal
  }

  /// Whether a note is from a store of before.
  static func isFormer(_ note: Bytes) -> Bool { note.count == 64 }

  private static func read(_ entry: TreeEntry, _ use: (Bytes) -> Void) throws(SystemError) {
    let file = try entry.open()
    while true {
      let chunk: Bytes
      do throws(SystemError) {
        chunk = try file.read(upTo: 1 << 18)
      } catch {
        throw error.below(entry.path)
      }
      if chunk.isEmpty { return }
      use(chunk)
    }
  }
}
