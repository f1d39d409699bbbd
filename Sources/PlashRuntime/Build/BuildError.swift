/// Why a build did not succeed.
public enum BuildError: Error, Sendable {
  /// The store could not be read or written.
  case store(StoreError)
  /// There is no user namespace to build in.
  case namespace(NamespaceError)
  /// The container of a layer could not be set up.
  case container(ContainerError)
  /// The script of a layer failed. `layer` counts from 0; `line` is the last line of its script that the shell had
  /// read, counted from 0; `full` says what of the disk was used up when it ended.
  case scriptFailed(layer: Int, line: Int, status: ExitStatus, full: StoreError?)
}
