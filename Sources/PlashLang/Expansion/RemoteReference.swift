/// A Plashfile that lies elsewhere.
public enum RemoteReference: Sendable, Equatable {
  /// A file of a GitHub repository, as written: `user/repo` or `user/repo@REVISION`.
  case github(repository: [UInt8], file: [UInt8])
  /// An address.
  case url([UInt8])
}
