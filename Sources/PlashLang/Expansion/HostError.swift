/// Why the host could not give what expansion asked for.
public enum HostError: Error, Sendable, Equatable {
  /// No file at any of these paths.
  case notFound(paths: [[UInt8]])
  /// A file cannot be read; the reason in the system's words.
  case unreadable(path: [UInt8], reason: [UInt8])
  /// No image has this map key.
  case unknownMapKey([UInt8])
  /// The image is not here, and importing is switched off.
  case importForbidden
  /// No library of this name; the names there are.
  case unknownLibrary(name: [UInt8], known: [[UInt8]])
  /// Anything else, in the words of whoever failed.
  case failed(reason: [UInt8])
}
