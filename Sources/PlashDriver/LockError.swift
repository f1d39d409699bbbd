public import PlashRuntime

/// Why the bases of a lock file cannot be used. `lock` is the path of that file, `base` what it has of the Plashfile.
public enum LockError: Error, Sendable {
  /// This line is none of a lock file.
  case damaged(lock: Bytes, line: Int)
  /// The file does not have this base.
  case missing(base: Bytes, lock: Bytes)
  /// The source no longer gives the base.
  case gone(base: Bytes, lock: Bytes, expected: LayerKey, reason: Bytes)
  /// The source gives something else.
  case changed(base: Bytes, lock: Bytes, expected: LayerKey, found: LayerKey)
}

extension LockError: DriverConvertible {
  /// See `DriverConvertible`.
  public var driverError: DriverError { .lock(self) }
}
