import Glibc
import PlashImages
import PlashRuntime

/// Writes an image out as an archive: `export ID FILE` (`-`: standard output).
struct ExportCommand {
  private let layers: LayerStack
  private let target: Bytes

  init(store: ImageStore, words: [Bytes]) throws(ImportError) {
    guard words.count == 2 else { throw .unknownSource(Bytes("export")) }
    do throws(StoreError) {
      layers = try store.openLayers(of: try store.image(words[0]))
    } catch {
      throw .store(error)
    }
    target = words[1]
  }

  func run() throws(ImportError) {
    if target == Bytes("-") { return try Exporter().export(layers: layers.roots, to: Descriptor(owning: 1)) }
    // Under another name until it is whole: a file of this name is an archive.
    let partial = target + Bytes(".partial")
    do throws(ImportError) {
      try Exporter().export(layers: layers.roots, to: try open(partial))
      try move(partial)
    } catch {
      try? FileSystem.remove(partial, at: AT_FDCWD)
      throw error
    }
  }

  private func open(_ path: Bytes) throws(ImportError) -> Descriptor {
    do throws(SystemError) {
      return try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644)
    } catch {
      throw .system(error)
    }
  }

  private func move(_ partial: Bytes) throws(ImportError) {
    do throws(SystemError) {
      try FileSystem.rename(partial, at: AT_FDCWD, to: target, at: AT_FDCWD)
    } catch {
      throw .system(error)
    }
  }
}
