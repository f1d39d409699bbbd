/// All that expansion may ask of the world.
///
/// `besides` is the text that names the path: a relative path is looked up beside it first, then in the current
/// directory; a leading `~` is the home directory.
public protocol Host {
  /// - Returns: the value of a variable of the host, nil if it is not set.
  func environment(_ name: [UInt8]) -> [UInt8]?

  /// - Returns: all of standard input (empty once it has been read).
  func standardInput() throws(HostError) -> [UInt8]

  /// - Returns: the Plashfile at `path`, for `--eval-file`.
  func plashfile(at path: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile

  /// - Returns: a digest over names, modes and contents of all that lies at the paths, as lower-case hex digits.
  func contentDigest(of paths: [[UInt8]], besides: SourceFile) throws(HostError) -> [UInt8]

  /// - Returns: the id of an image, in decimal digits. It is imported first if it is not here yet.
  func image(_ reference: BaseReference) throws(HostError) -> [UInt8]

  /// - Returns: a Plashfile from elsewhere, made by `SourceFile(remote:text:)`.
  func remotePlashfile(_ reference: RemoteReference) throws(HostError) -> SourceFile

  /// - Parameters:
  ///   - name: what `--import` was given: a library's name, or a path (with a `/`, or ending in `.yaml`).
  ///   - besides: the text that imports it.
  /// - Returns: the library's YAML text.
  /// - Throws: if there is no such library, or it cannot be read.
  func macroLibrary(named name: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile

  /// - Returns: a new random UUID in its usual text form.
  func freshUUID() -> [UInt8]
}
