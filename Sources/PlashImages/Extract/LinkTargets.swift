internal import PlashRuntime

/// What hard links can lead to: the files that came before them.
struct LinkTargets: ~Copyable {
  private var walk: DirectoryWalk
  /// The paths of devices that were left out, digested: an archive may have many, of any length.
  private var skipped: Set<Digest> = []

  init(_ walk: consuming DirectoryWalk) { self.walk = walk }

  /// The directory of the target that was found last.
  var directory: Int32 { walk.descriptor }

  /// Remembers a device that is left out, and whose other names then are too.
  mutating func skip(_ name: Bytes) {
    if let path = try? EntryPath(name) { skipped.insert(LinkTargets.digest(of: path)) }
  }

  /// Forgets the way to the last target: a directory on it may be gone.
  mutating func returnToRoot() { walk.returnToRoot() }

  /// The file and its name in `directory`; nil: it is a device that was left out.
  mutating func find(_ target: Bytes) throws(EntryFailure) -> (file: FileNumber, name: Bytes)? {
    let path: EntryPath
    do throws(EntryFault) {
      path = try EntryPath(target)
    } catch {
      throw .fault(.linkLeavesRoot(target))
    }
    if path.isAbsolute { throw .fault(.linkLeavesRoot(target)) }
    guard let name = path.parts.last else { throw .fault(.linkToDirectory(target)) }
    switch try node(name, in: path.parts.dropLast()) {
    case .file(let file): return (file, name)
    case .directory: throw .fault(.linkToDirectory(target))
    case nil:
      if skipped.contains(LinkTargets.digest(of: path)) { return nil }
      throw .fault(.linkTargetMissing(target))
    }
  }

  private mutating func node(_ name: Bytes, in parts: ArraySlice<Bytes>) throws(EntryFailure) -> TreeNode? {
    do throws(EntryFailure) {
      try walk.go(to: parts, making: false)
    } catch .missing {
      return nil
    }
    return walk.node.children[name]
  }

  private static func digest(of path: EntryPath) -> Digest {
    var hash = SHA256()
    for part in path.parts { hash.update(field: part) }
    return hash.finish()
  }
}
