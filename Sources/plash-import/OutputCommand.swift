import CPlashShims
import Glibc
import PlashImages
import PlashRuntime

/// What the helper writes to standard output, other than the id of an image:
/// - `docker IMAGE [refresh]`: docker's, or podman's, root file system of it as a tar archive, to be run outside of a
///   namespace; with `refresh` of what the registry has now;
/// - `fetch ADDRESS`: a small file, as a Plashfile;
/// - `github REPOSITORY FILE`: the same from GitHub, or where `PLASH_GITHUB_MIRROR` says.
enum OutputCommand {
  private static let largestPlashfile = 1 << 20

  /// Gives false if it is none of these.
  static func run(_ command: String, _ words: [Bytes]) throws(ImportError) -> Bool {
    switch (command, words.count) {
    case ("docker", 1...2):
      let image = try DockerImage(words[0], searchPath: Environment.value(Bytes("PATH")) ?? [])
      if words.count > 1 { image.refresh() }
      try image.write(to: output())
    case ("fetch", 1): try fetch(words[0])
    case ("github", 2):
      let server = Environment.value(Bytes("PLASH_GITHUB_MIRROR")).flatMap { $0.isEmpty ? nil : $0 }
      try fetch(GitHubFile(repository: words[0], path: words[1], server: server).address)
    default: return false
    }
    return true
  }

  private static func fetch(_ address: Bytes) throws(ImportError) {
    // It is in no pid namespace that would end it, and may wait for a server for long.
    plash_end_with_parent()
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
