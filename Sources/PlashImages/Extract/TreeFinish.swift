internal import Glibc
internal import PlashRuntime

/// The last pass over an extracted tree: gives the directories their attributes, the deepest first, and digests all.
struct TreeFinish {
  /// Attributes that the file system refused.
  private(set) var refused = 0
  private var hash = SHA256()
  private let table: FileTable
  private var files = 0

  init(_ table: FileTable) { self.table = table }

  mutating func run(root: Int32, _ node: DirectoryNode) throws(ImportError) -> Digest {
    hash.update(field: Bytes("plash tree 1"))
    try finish(root, node)
    return hash.finish()
  }

  private mutating func finish(_ number: Int32, _ node: DirectoryNode) throws(ImportError) {
    refused += node.attributes.applyExtended(to: number)
    node.attributes.describe(in: &hash)
    hash.update(UInt64(node.children.count))
    for name in node.children.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      hash.update(field: name)
      switch node.children[name] {
      case .directory(let directory): try enter(name, directory, at: number)
      case .file(let file): describe(file)
      case nil: preconditionFailure("a name that is gone")
      }
    }
    try node.attributes.apply(to: number)
  }

  private mutating func enter(_ name: Bytes, _ node: DirectoryNode, at parent: Int32) throws(ImportError) {
    hash.update(field: Bytes("directory"))
    let opened = try system { () throws(SystemError) in
      try Descriptor.open(name, at: parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }
    try finish(opened.number, node)
  }

  /// Another name of a file that was described already is told by that file's place in the tree.
  private mutating func describe(_ file: FileNumber) {
    let state = table.state(of: file)
    switch state.pointee {
    case .open: preconditionFailure("a file that no writer finished")
    case .told(let ordinal):
      hash.update(field: Bytes("same"))
      hash.update(UInt64(ordinal))
    case .described(let description):
      hash.update(field: Bytes("other"))
      hash.update(description.bytes)
      state.pointee = .told(ordinal: files)
      files += 1
    }
  }
}
