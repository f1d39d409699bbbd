/// Why a container could not be set up or started.
public enum ContainerError: Error, Equatable, Sendable {
  /// A step of the set-up failed; the kernel may have said more about it.
  case setup(SystemError, kernelMessage: Bytes)
  /// The store is on a file system that cannot hold an overlay's changes.
  case unsuitableStore(path: Bytes, fileSystem: String)
  /// So is the folder that the changes are to be kept in.
  case unsuitableFolder(path: Bytes, fileSystem: String)
  /// A layer has lost its files.
  case damaged(ImageID)
  /// The namespace is not worth anything.
  case namespace(NamespaceError)
  /// The kernel lacks what plash needs; its release.
  case kernelTooOld(release: Bytes)
  /// The kernel is new enough, but something keeps this call from it: a container's filter, an emulated kernel.
  case callMissing(String)
  /// A call on this side failed.
  case system(SystemError)
  /// The program could not be executed; `code` is an errno value.
  case cannotExecute(program: Bytes, code: Int32)
  /// The first process of the container was killed from outside.
  case supervisorKilled(signal: Int32)
  /// That process ended before it had started the program.
  case endedEarly
  /// One of the signals that end a program came; everything is cleaned up, now this process should die of it.
  case interrupted(signal: Int32)
}
