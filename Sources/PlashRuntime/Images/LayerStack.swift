internal import Glibc

/// The open root directories of an image's layers.
public final class LayerStack: Sendable {
  /// Their descriptors, the topmost layer first.
  public let roots: [Int32]

  init(_ roots: [Int32]) { self.roots = roots }

  deinit { for root in roots { close(root) } }
}

extension ImageStore {
  /// Opens all layers of an image, which the caller holds.
  public func openLayers(of image: Image) throws(StoreError) -> LayerStack {
    var roots: [Int32] = []
    do throws(SystemError) {
      for id in image.lineage.reversed() {
        let path = id.data + Bytes("/root")
        roots.append(
          try check("open", path, at: root.number) {
            path.withCString { openat(root.number, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
          })
      }
    } catch {
      for root in roots { close(root) }
      throw error.code == ENOENT ? .damaged(image.lineage.reversed()[roots.count]) : .system(error)
    }
    return LayerStack(roots)
  }
}
