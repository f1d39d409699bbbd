internal import CPlashShims
internal import Glibc

/// A program of the host, started as a child of this process with all of its arguments as they are: no shell.
public struct Program: Sendable {
  /// Where the child's standard output goes.
  public enum Output: Equatable, Sendable {
    case inherited
    /// To this descriptor.
    case descriptor(Int32)
    /// Nowhere.
    case null
  }

  /// Absolute path of the executable.
  public var path: Bytes
  /// The arguments after the program's name.
  public var arguments: [Bytes]
  /// `NAME=value` entries.
  public var environment: [Bytes]
  /// What the program sees as its own name; nil: the path.
  var name: Bytes?
  /// Descriptors of this process that become 3, 4...
  var descriptors: [Int32] = []

  /// A program to be started with the given environment and nothing else of this process.
  public init(path: Bytes, arguments: [Bytes], environment: [Bytes]) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
  }

  /// The executable `name` in the folders of `searchPath` (colons between), or nil. Empty parts are passed over.
  public static func find(_ name: Bytes, in searchPath: Bytes) -> Bytes? {
    searchPath.split(separator: 0x3A).lazy.map { Bytes($0) + [0x2F] + name }.first { FileSystem.isExecutable($0) }
  }

  /// Starts it with an empty standard input and gives its pid.
  public func start(output: Output = .inherited, errors: Output = .inherited) throws(SystemError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    output.add(to: &actions, as: 1)
    errors.add(to: &actions, as: 2)
    // First out of the way: 3 must not be overwritten before it has become 4.
    let first = Int32(3 + descriptors.count)
    let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, first) }
    defer { for copy in copies { close(copy) } }
    for (offset, copy) in copies.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, copy, Int32(3 + offset))
    }
    let argv = CStringArray([name ?? path] + arguments)
    let envp = CStringArray(environment)
    var child: pid_t = 0
    let code = path.withCString { posix_spawn(&child, $0, &actions, nil, argv.pointer, envp.pointer) }
    if code != 0 { throw SystemError(call: "exec", path: path, code: code) }
    return child
  }

  /// Turns this process into the program, looked up in PATH, with this process's environment. Gives the errno value of
  /// the failure.
  public static func become(_ command: [Bytes]) -> Int32 {
    let argv = CStringArray(command)
    return plash_execute(argv.pointer, plash_environment(), false)
  }

  /// Waits for a child and gives how it ended. A signal that is caught kills it.
  public static func wait(for child: Int32) throws(SystemError) -> ExitStatus {
    ExitStatus(waitStatus: try check("waitpid") { plash_wait_or_kill(child) })
  }

  /// Runs it to its end, with `report` as its descriptor 3.
  public func supervise(output: Output, report: Int32) throws(SystemError) -> ExitStatus {
    var program = self
    program.descriptors = [report]
    return try Self.wait(for: try program.start(output: output))
  }

  /// Runs it to its end and gives what it wrote to standard output.
  public func capture(errors: Output = .inherited) throws(SystemError) -> (output: Bytes, status: ExitStatus) {
    let running = try startPiped(errors: errors)
    let output = try running.output.readAll()
    return (output, try running.finish())
  }

  /// Starts it with a pipe as its standard output, and `report` as its descriptor 3.
  public func startPiped(
    errors: Output = .inherited, report: Int32? = nil
  ) throws(SystemError) -> PipedProgram {
    let pipe = try Pipe.make()
    var program = self
    program.descriptors = report.map { [$0] } ?? []
    let child = try program.start(output: .descriptor(pipe.writer.number), errors: errors)
    return PipedProgram(pipe.takeReader(), child: child)
  }
}

extension Program.Output {
  fileprivate func add(to actions: inout posix_spawn_file_actions_t, as number: Int32) {
    switch self {
    case .inherited: break
    case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
    case .null: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
    }
  }
}
