/// A base image by another name than its id.
public struct BaseReference: Sendable {
  /// Where the image comes from.
  public enum Source: String, Sendable, CaseIterable {
    /// A key of the image map.
    case map
    /// A name of the image server of linuxcontainers.org.
    case lxc
    /// An image of docker or podman.
    case docker
    /// A root file system behind an address.
    case url
    /// A Plashfile of a GitHub repository, built.
    case github
    /// A Debian suite, made by a bootstrapping program.
    case debian
    /// The small root file system around the host's static busybox.
    case busybox
    /// A tar archive of this host.
    case tar
  }

  /// Where the image comes from.
  public let source: Source
  /// What is asked for there: a key, a name, an address, a path; empty where there is but one (busybox).
  public let name: [UInt8]
  /// Further words: for github the file's name; for url `sha256=HEX`.
  public let options: [[UInt8]]
  /// The text that asks for it: relative paths are looked up beside it.
  public let besides: SourceFile
  /// The texts of this host that led here, the outermost first.
  public let paths: [[UInt8]]
}
