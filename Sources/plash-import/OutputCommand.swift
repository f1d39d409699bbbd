import Glibc
import PlashImages
import PlashRuntime

/// What the helper writes to standard output, other than the id of an image:
/// - `plash-import export STORE ID`: the root file system as a tar archive;
/// - `plash-import docker IMAGE`: docker's, or podman's, root file system of it, to be run outside of a namespace;
/// - `plash-import fetch ADDRESS`: a small file, as a Plashfile;
/// - `plash-import github REPOSITORY FILE`: the same from GitHub, or where `PLASH_GITHUB_MIRROR` says.
enum OutputCommand {
  private static let largestPlashfile = 1 << 20

  /// Gives false if it is none of these.
  static func run(_ arguments: [Bytes]) throws(ImportError) -> Bool {
    let command = arguments.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    switch (command, arguments.count) {
    case ("export", 3): try export(arguments[2], from: arguments[1])
    case ("docker", 2):
      try DockerImage(arguments[1], searchPath: Environment.value(Bytes("PATH")) ?? []).write(to: output())
    case ("fetch", 2): try fetch(arguments[1])
    case ("github", 3):
      let server = Environment.value(Bytes("PLASH_GITHUB_MIRROR")).flatMap { $0.isEmpty ? nil : $0 }
      try fetch(GitHubFile(repository: arguments[1], path: arguments[2], server: server).address)
    default: return false
    }
    return true
  }

  private static func export(_ id: Bytes, from path: Bytes) throws(ImportError) {
    let layers: [Bytes]
    do throws(StoreError) {
      let store = try ImageStore(path: path)
      let image = try store.image(id)
      layers = sequence(first: image) { $0.parent.lineage.isEmpty ? nil : $0.parent }
        .map { store.absolute($0.path + Bytes("/_data/root")) }
    } catch {
      throw .store(error)
    }
    try Exporter().export(layerPaths: layers, to: output())
  }

  private static func fetch(_ address: Bytes) throws(ImportError) {
    let content = try Downloader(RemoteSources.settings(nil)).content(of: address, limit: largestPlashfile)
    do throws(SystemError) {
      try FileSystem.write(content, to: 1)
    } catch {
      throw .system(error)
    }
  }

  private static func output() throws(ImportError) -> Descriptor {
    let number = fcntl(1, F_DUPFD_CLOEXEC, 3)
    if number < 0 { throw .system(.current("dup")) }
    return Descriptor(owning: number)
  }
}
