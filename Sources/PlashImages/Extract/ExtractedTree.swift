internal import PlashRuntime

/// What lies in the root directory: the extractor alone writes there, so this is known without looking.
enum TreeNode {
  case directory(DirectoryNode)
  case file(FileNumber)
}

/// A directory. Its attributes are set when all else is done, or nothing could be written into it.
final class DirectoryNode {
  var children: [Bytes: TreeNode] = [:]
  var attributes = Attributes.impliedDirectory
}
