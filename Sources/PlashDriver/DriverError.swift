internal import Glibc
public import PlashLang
public import PlashRuntime

/// Everything that can end a command early. `Report` has the words.
public enum DriverError: Error, Sendable {
  /// The command was called wrongly; its usage line.
  case usage(String)
  /// No command has this name.
  case unknownCommand(Bytes, nearest: Bytes?)
  /// There is no command at all.
  case noCommand
  /// No macro has this name.
  case unknownMacro(Bytes)
  /// No macro library has this name.
  case unknownLibrary(Bytes)
  /// This many examples of a macro library do not give what it promises.
  case examplesFailed(Int)
  /// These Plashfiles are not in the canonical layout.
  case notFormatted([Bytes])
  /// Lint has this many findings.
  case lintFindings(Int)
  /// The text is no build plan.
  case compile(CompileError)
  /// A plan could not be built.
  case build(BuildError, layers: [Layer])
  /// The macros name no image to start from.
  case noBase
  /// The Plashfile has no `exec` hint, so there is nothing to run.
  case noEntrypoint(file: Bytes)
  /// The store could not be read or written.
  case store(StoreError)
  /// There is no user namespace.
  case namespace(NamespaceError)
  /// The container could not be set up.
  case container(ContainerError)
  /// A system call failed.
  case system(SystemError)
  /// A system call was refused on files of images, with these users and groups.
  case outOfReach(SystemError, IDMapping)
  /// Neither PLASH_DATA nor a home directory says where the data are.
  case noDataDirectory
  /// The helper for imports is at none of these places.
  case incompleteInstallation(missing: [Bytes])
  /// An import failed; the reason in the helper's words, empty if it had no time for any.
  case importFailed(message: Bytes, status: ExitStatus)
  /// Images of docker come from outside of a namespace, and this process is inside one already.
  case dockerFromInside(Bytes)
  /// The image is not here, and importing is switched off.
  case importForbidden
  /// No image has this map key.
  case unknownMapKey(Bytes)
  /// The bases of a lock file cannot be used.
  case lock(LockError)
  /// What `create` ran failed.
  case commandFailed(ExitStatus)
  /// cp(1), which has said why, could not copy an image to this directory.
  case copyFailed(Bytes, ExitStatus)
  /// A program of the host could not be executed; an errno value.
  case cannotExecute(Bytes, code: Int32)
  /// plash does not work here: it failed with these words.
  case hostTestFailed([Bytes])
  /// There is no `/proc` that shows this process.
  case noProc
  /// Mounting for the caller takes a caller who may mount.
  case mountNeedsNamespace
  /// The empty root image has no files.
  case emptyImage
  /// Not a value of this variable.
  case invalidSetting(name: String, value: Bytes, expected: String)
  /// Not a value of this option.
  case invalidOption(name: String, value: Bytes, expected: String)
}

/// Runs `body` and makes its errors those of the driver.
public func driving<Result: ~Copyable, Failure: DriverConvertible>(
  _ body: () throws(Failure) -> Result
) throws(DriverError) -> Result {
  do {
    return try body()
  } catch {
    throw error.driverError
  }
}

/// An error of a lower module that says everything by itself.
public protocol DriverConvertible: Error {
  /// The same as an error of the driver.
  var driverError: DriverError { get }
}

extension StoreError: DriverConvertible {
  /// See `DriverConvertible`.
  public var driverError: DriverError { .store(self) }
}

extension SystemError: DriverConvertible {
  /// See `DriverConvertible`.
  public var driverError: DriverError { .system(self) }
}

extension NamespaceError: DriverConvertible {
  /// See `DriverConvertible`.
  public var driverError: DriverError { .namespace(self) }
}

extension ContainerError: DriverConvertible {
  /// See `DriverConvertible`.
  public var driverError: DriverError { .container(self) }
}

extension CompileError: DriverConvertible {
  /// See `DriverConvertible`.
  public var driverError: DriverError { .compile(self) }
}
