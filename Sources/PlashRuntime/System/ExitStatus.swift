/// How a process ended.
public enum ExitStatus: Equatable, Sendable {
  /// It exited with this status, 0 to 255.
  case exited(Int32)
  /// It was ended by this signal.
  case signaled(Int32)

  /// Decodes what wait(2) gives.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signaled(signal)
  }

  /// It did what it was asked to do.
  public var isSuccess: Bool { self == .exited(0) }

  /// The number that a shell shows: 128 and the signal for a process that a signal ended.
  public var shellStatus: Int32 {
    switch self {
    case .exited(let status): status
    case .signaled(let signal): 128 + signal
    }
  }
}
