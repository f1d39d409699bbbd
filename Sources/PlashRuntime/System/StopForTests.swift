internal import Glibc

/// In builds for tests: this process stops (SIGSTOP) here if `place` is in `PLASH_TEST_STOP_AT`, a list with colons between,
/// so that a test can look, and then kill it or let it go on. Releases have nothing of it.
@inlinable @inline(__always)
public func stopForTests(at place: @autoclosure () -> StaticString) {
  #if DEBUG
    stop(ifWantedAt: Bytes(place()))
  #endif
}

#if DEBUG
  @usableFromInline
  func stop(ifWantedAt place: Bytes) {
    let places = Environment.value(Bytes("PLASH_TEST_STOP_AT")) ?? []
    if places.split(separator: 0x3A).contains(place[...]) { raise(SIGSTOP) }
  }
#endif
