internal import Glibc
public import PlashRuntime

/// Writes the root file system of an image as a tar archive, straight from its layers: no mount is needed.
///
/// The archive is in the pax format and depends on nothing but the files: the same image gives the same bytes.
public struct Exporter: Sendable {
  /// Called now and then with the number of bytes written so far.
  public var progress: (@Sendable (Int) -> Void)?

  /// An exporter that tells nobody how far it is.
  public init() {}

  /// Writes the archive.
  /// - Parameters:
  ///   - layers: the root directories of the layers, open, the topmost first. Upper ones hide lower ones as in an overlay
  ///     mounted with `userxattr`: by devices 0:0 and by `user.overlay.opaque`.
  ///   - output: open for writing.
  /// - Throws: the first thing that went wrong; what was written then is no archive.
  public func export(layers: [Int32], to output: borrowing Descriptor) throws(ImportError) {
    precondition(!layers.isEmpty, "an image has a layer")
    let opened = try Self.open(layers)
    let writer = TarWriter(output.number, progress: progress)
    var walk = LayerWalk(writer)
    try walk.write(opened, path: [])
    try writer.finish()
  }

  private static func open(_ layers: [Int32]) throws(ImportError) -> [OpenDirectory] {
    raiseDescriptorLimit()
    var opened: [OpenDirectory] = []
    for layer in layers { opened.append(try OpenDirectory(Bytes("."), at: layer)) }
    return opened
  }

  /// A folder that is in all of 500 layers is open 500 times.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
