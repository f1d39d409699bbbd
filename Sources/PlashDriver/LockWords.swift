internal import PlashRuntime

/// The words for what is wrong with locked bases.
enum LockWords {
  static func words(_ error: LockError) -> String {
    switch error {
    case .damaged(let lock, let line):
      "\(lock.printable):\(line): not a line of a lock file; make it again: \(command(lock))"
    case .missing(let base, let lock):
      "\(lock.printable) does not have the base `\(base.printable)`; make it again: \(command(lock, refreshing: false))"
    case .gone(let base, let lock, let expected, let reason):
      "the locked base `\(base.printable)` (\(expected.hex.printable)) cannot be had: \(reason.printable); "
        + "to lock what there is now: \(command(lock))"
    case .changed(let base, let lock, let expected, let found):
      "the base `\(base.printable)` is not the locked one any more: expected \(expected.hex.printable), "
        + "found \(found.hex.printable); to lock what there is now: \(command(lock))"
    }
  }

  /// The lock file's name without its ending is the Plashfile's.
  private static func command(_ lock: Bytes, refreshing: Bool = true) -> String {
    "plash lock \(refreshing ? "--refresh " : "")\(Bytes(lock.dropLast(5)).printable)"
  }
}
