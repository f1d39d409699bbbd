internal import Glibc
internal import PlashRuntime

/// The way from the root directory to where the last entry went, every directory on it open.
///
/// Each step is one `openat` of one name with O_NOFOLLOW from a directory that is open already: no link is ever
/// followed and there is no way up, and as archives go through a tree in order, most entries need no step at all.
struct DirectoryWalk: ~Copyable {
  private final class Step {
    let name: Bytes
    let node: DirectoryNode
    let descriptor: Descriptor

    init(name: Bytes, node: DirectoryNode, descriptor: consuming Descriptor) {
      self.name = name
      self.node = node
      self.descriptor = descriptor
    }
  }

  private let root: Int32
  private let rootNode: DirectoryNode
  private var steps: [Step] = []
  /// How many directories were made on the way, which no entry had described.
  private(set) var implied = 0

  init(root: Int32, node: DirectoryNode) {
    self.root = root
    rootNode = node
  }

  /// The directory where the walk stands.
  var node: DirectoryNode { steps.last?.node ?? rootNode }
  var descriptor: Int32 { steps.last?.descriptor.number ?? root }

  /// Goes to the directory that `parts` name. Missing ones are made if `making`.
  mutating func go(to parts: ArraySlice<Bytes>, making: Bool) throws(EntryFailure) {
    let common = zip(steps, parts).prefix { $0.name == $1 }.count
    steps.removeSubrange(common...)
    for part in parts.dropFirst(common) { try descend(part, making: making) }
  }

  /// Forgets the way: a directory on it may be gone.
  mutating func returnToRoot() { steps = [] }

  /// Makes the directory `name` here, if it is not there.
  func makeDirectory(_ name: Bytes) throws(ImportError) -> DirectoryNode {
    if case .directory(let existing) = node.children[name] { return existing }
    let directory = descriptor
    try system { () throws(SystemError) in try FileSystem.makeDirectory(name, at: directory, mode: 0o700) }
    let made = DirectoryNode()
    node.children[name] = .directory(made)
    return made
  }

  private mutating func descend(_ part: Bytes, making: Bool) throws(EntryFailure) {
    switch node.children[part] {
    case .file: throw .fault(.parentIsNoDirectory(part))
    case .directory(let next): try enter(part, next)
    case nil:
      guard making else { throw .missing }
      implied += 1
      try enter(part, EntryFailure.of { () throws(ImportError) in try makeDirectory(part) })
    }
  }

  private mutating func enter(_ part: Bytes, _ next: DirectoryNode) throws(EntryFailure) {
    let directory = descriptor
    let opened = try EntryFailure.of { () throws(ImportError) in
      try system { () throws(SystemError) in
        try Descriptor.open(part, at: directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      }
    }
    steps.append(Step(name: part, node: next, descriptor: opened))
  }
}
