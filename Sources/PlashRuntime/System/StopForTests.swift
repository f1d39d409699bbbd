internal import Glibc

/// In builds for tests: this process stops (SIGSTOP) here if `PLASH_TEST_STOP_AT` is `place`, so that a test can look, and
/// then kill it or let it go on. Releases have nothing of it.
@inlinable @inline(__always)
public func stopForTests(at place: @autoclosure () -> StaticString) {
  #if DEBUG
    stop(ifWantedAt: Bytes(place()))
  #endif
}

#if DEBUG
  @usableFromInline
  func stop(ifWantedAt place: Bytes) {
    if Environment.value(Bytes("PLASH_TEST_STOP_AT")) == place { raise(SIGSTOP) }
  }
#endif
