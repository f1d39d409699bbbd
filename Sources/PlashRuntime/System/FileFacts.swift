internal import Glibc

/// What tells one version of a file from another without reading it. A directory's own size and time say nothing.
public struct FileFacts: Equatable, Sendable {
  private let mode: UInt32
  private let owner: UInt32
  private let group: UInt32
  private let size: Int
  private let device: UInt
  private let seconds: Int
  private let nanoseconds: Int
  private let target: Bytes

  /// Of `name` in an open directory.
  public init(_ name: Bytes, at directory: Int32) throws(SystemError) {
    let status = try FileSystem.status(name, at: directory)
    let kind = status.st_mode & S_IFMT
    let isFile = kind == S_IFREG
    mode = status.st_mode
    owner = status.st_uid
    group = status.st_gid
    size = isFile ? status.st_size : 0
    device = UInt(status.st_rdev)
    seconds = isFile ? status.st_mtim.tv_sec : 0
    nanoseconds = isFile ? status.st_mtim.tv_nsec : 0
    target = kind == S_IFLNK ? try FileSystem.readLink(name, at: directory) : []
  }

  /// It is a directory.
  public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
}
