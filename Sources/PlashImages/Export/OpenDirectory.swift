internal import Glibc
internal import PlashRuntime

/// A directory of one layer.
final class OpenDirectory {
  private let descriptor: Descriptor

  var number: Int32 { descriptor.number }

  init(_ name: Bytes, at parent: Int32) throws(ImportError) {
    descriptor = try system { () throws(SystemError) in
      try Descriptor.open(name, at: parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }
  }

  func entries() throws(ImportError) -> [Bytes] {
    try system { () throws(SystemError) in try descriptor.entries() }
  }

  /// Whether the directories of this name in lower layers are hidden.
  func isOpaque() throws(ImportError) -> Bool {
    try ExtendedAttribute.value(of: Bytes("user.overlay.opaque"), on: number) == Bytes("y")
  }
}
