internal import PlashRuntime

/// What lies in the root directory: the extractor alone writes there, so this is known without looking.
enum TreeNode {
  case directory(DirectoryNode)
  case file(FileNode)
}

/// A directory. Its attributes are set when all else is done, or nothing could be written into it.
final class DirectoryNode {
  var children: [Bytes: TreeNode] = [:]
  var attributes = Attributes.impliedDirectory
}

/// Anything else than a directory; hard links share one. A writer fills in the description, which is read when the writers have ended.
final class FileNode: @unchecked Sendable {
  /// Kind, attributes and content, digested.
  var description: Digest?
  /// Which one it is in the order of the tree, for the links that follow.
  var ordinal: Int?
}
