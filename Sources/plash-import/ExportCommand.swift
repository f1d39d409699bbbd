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
    guard FileSystem.isReplaceable(target) else {
      return try Exporter().export(layers: layers.roots, to: open(target, O_WRONLY | O_TRUNC))
    }
    // Under another name until it is whole: a file of this name is an archive.
    let partial = target + Bytes(".partial")
    do throws(ImportError) {
      let file = try open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
      try keepMode(partial)
      try Exporter().export(layers: layers.roots, to: file)
      try move(partial, file)
    } catch {
      try? FileSystem.remove(partial, at: AT_FDCWD)
      throw error
    }
  }

  private func open(_ path: Bytes, _ flags: Int32) throws(ImportError) -> Descriptor {
    do throws(SystemError) {
      return try Descriptor.open(path, flags, mode: 0o666)
    } catch {
      throw .system(error)
    }
  }

  /// The archive that is replaced may have been for nobody else's eyes.
  private func keepMode(_ partial: Bytes) throws(ImportError) {
    guard case .file(let mode) = try? FileSystem.kind(of: target, followingLink: false) else { return }
    do throws(SystemError) {
      try FileSystem.changeMode(partial, at: AT_FDCWD, to: mode)
    } catch {
      throw .system(error)
    }
  }

  /// What could not be written to disk must not take the place of what was.
  private func move(_ partial: Bytes, _ file: borrowing Descriptor) throws(ImportError) {
    do throws(SystemError) {
      try file.flush()
      try FileSystem.rename(partial, at: AT_FDCWD, to: target, at: AT_FDCWD)
    } catch {
      throw .system(error)
    }
  }
}
