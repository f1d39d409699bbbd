import Glibc
import PlashImages
import PlashRuntime
import Synchronization

/// Tells on standard error how far a download is: on a terminal in one line that changes, elsewhere in a line once in a
/// while, and not at all where nothing takes long.
final class ProgressReport: Sendable {
  private struct State {
    var said = false
    var last: Int
  }

  private let subject: Bytes
  private let begin = ProgressReport.milliseconds
  private let isTerminal = isatty(2) == 1
  private let state: Mutex<State>

  init(_ subject: Bytes) {
    self.subject = subject
    state = Mutex(State(last: ProgressReport.milliseconds))
  }

  /// - Parameters:
  ///   - received: bytes so far.
  ///   - total: bytes in all, where they are known.
  func update(received: Int, total: Int?) {
    let now = ProgressReport.milliseconds
    let interval = isTerminal ? 200 : 10_000
    state.withLock { state in
      guard now - state.last >= interval, received > 0 else { return }
      state.last = now
      state.said = true
      let line = Bytes("plash: \(subject.printable): \(words(received, total, now - begin))".utf8)
      ProgressReport.write(isTerminal ? Bytes("\r\u{1B}[K") + line : line + [0x0A])
    }
  }

  /// Leaves a terminal as it was.
  func end() {
    state.withLock { state in
      if state.said && isTerminal { ProgressReport.write(Bytes("\r\u{1B}[K")) }
      state.said = false
    }
  }

  /// A line of its own.
  static func say(_ line: Bytes) { write(line + [0x0A]) }

  private func words(_ received: Int, _ total: Int?, _ elapsed: Int) -> String {
    let rate = received * 1000 / max(elapsed, 1)
    let amount = total.map { "\(megabytes(received)) of \(megabytes($0)) MB" } ?? "\(megabytes(received)) MB"
    let left = total.map { ", \(max(0, $0 - received) / max(rate, 1)) s left" } ?? ""
    return "\(amount), \(megabytes(rate)) MB/s\(left)"
  }

  private func megabytes(_ bytes: Int) -> String { "\(bytes / 1_000_000).\(bytes / 100_000 % 10)" }

  private static func write(_ text: Bytes) { try? FileSystem.write(text, to: 2) }

  private static var milliseconds: Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
  }
}
