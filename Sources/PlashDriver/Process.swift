internal import CPlashShims
internal import Glibc
public import PlashRuntime

/// This process: its arguments, its streams and its end.
public enum Process {
  /// The bytes of the arguments, the program's name first.
  public static var arguments: [Bytes] {
    (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { Bytes(cString: $0) } }
  }

  static func prepare() {
    plash_take_umask()
    plash_open_standard_descriptors()
    plash_close_others_on_exec()
    plash_prepare_signals()
  }

  /// From here on a signal that ends the process is kept until what is under way has been cleaned up.
  public static func catchSignals() { plash_catch_signals() }

  /// What files that are the caller's are made without.
  static var callersUmask: UInt32 { plash_callers_umask() }

  /// Writes the result of a command to standard output.
  public static func print(_ text: Bytes) throws(DriverError) {
    stopForTests(at: "before-print")
    try checkOutput()
    do throws(SystemError) {
      try FileSystem.write(text, to: 1)
    } catch  where error.code == EPIPE {
      // As any program ends whose reader has had enough.
      throw .container(.interrupted(signal: SIGPIPE))
    } catch {
      throw outputFailure(error.code)
    }
  }

  /// A standard output that was closed is /dev/null by now: a result would be lost, and nobody told.
  static func checkOutput() throws(DriverError) {
    if plash_output_was_closed() { throw outputFailure(EBADF) }
  }

  private static func outputFailure(_ code: Int32) -> DriverError {
    .system(SystemError(call: "write", path: Bytes("standard output"), code: code))
  }

  /// Writes to standard error; there is nobody to tell if that fails.
  public static func complain(_ text: Bytes) { try? FileSystem.write(text, to: 2) }

  /// Whether a descriptor is a terminal.
  public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Whether colours are wanted there: a terminal, and no NO_COLOR (no-color.org).
  static func paints(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && Environment.value(Bytes("NO_COLOR"))?.isEmpty ?? true
  }

  /// A shell of a pid namespace takes the terminal of this process group, and cannot give it back: it has no number for it.
  static func keepingTerminal<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let terminal = (try? Descriptor.open(Bytes("/dev/tty"), O_RDWR).kept()) ?? -1
    let isHeld = tcgetpgrp(terminal) == getpgrp()
    defer {
      if isHeld {
        // Whoever is in the background is stopped for that, else.
        signal(SIGTTOU, SIG_IGN)
        tcsetpgrp(terminal, getpgrp())
      }
    }
    return try body()
  }

  /// Makes `path` the current directory.
  public static func changeDirectory(_ path: Bytes) throws(DriverError) {
    try driving { () throws(SystemError) in try FileSystem.changeDirectory(path) }
  }

  /// Turns this process into a program of the host, with this process's environment. Returns only by an error. A `--` may
  /// stand before it.
  public static func become(_ command: [Bytes]) throws(DriverError) -> Never {
    let command = command.count > 1 && command[0] == Bytes("--") ? Array(command.dropFirst()) : command
    throw .cannotExecute(command.first ?? [], code: Program.become(command))
  }

  /// Ends the process.
  public static func end(_ status: Int32) -> Never { exit(status) }

  /// The signal that came since `catchSignals`, if one did.
  static var caughtSignal: Int32? {
    let signal = plash_caught_signal()
    return signal == 0 ? nil : signal
  }

  /// Ends the process by a signal that was caught before.
  static func die(of signal: Int32) -> Never { plash_die_of(signal) }

  /// The folder of the running executable.
  static var folder: Bytes {
    let path = (try? FileSystem.readLink(Bytes("/proc/self/exe"), at: AT_FDCWD)) ?? []
    return Bytes(path[..<(path.lastIndex(of: 0x2F) ?? 0)])
  }
}
