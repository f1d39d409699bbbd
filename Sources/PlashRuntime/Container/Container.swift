internal import CPlashShims
internal import Glibc

/// Processes on images, as children of this one.
public enum Container {
  /// Runs a command in a container with a pid namespace of its own and waits. When this returns nothing of it runs
  /// any more, and nothing is mounted on the image.
  public static func run(
    _ spec: ContainerSpec, _ command: ContainerCommand
  ) throws(ContainerError) -> ContainerResult {
    guard let outcome = plash_outcome_allocate() else { throw .system(.current("mmap")) }
    defer { plash_outcome_free(outcome) }
    // Where /proc is covered in part, as in many containers, a new one must not show more: the host's has to do.
    var program = spec.program(.current)
    try start(program, command, outcome)
    if spec.ownProc, outcome.pointee.setup.op >= 0, outcome.pointee.setup.error == EPERM,
      program.steps[Int(outcome.pointee.setup.op)].isProcMount(of: program)
    {
      var bound = spec
      bound.ownProc = false
      bound.mounts.append(HostMount(Bytes("/proc")))
      program = bound.program(.current)
      try start(program, command, outcome)
    }
    do throws(ContainerError) {
      return try result(of: outcome.pointee, program, command)
    } catch {
      throw error.diagnosed(for: spec)
    }
  }

  /// Runs a program of the host the same way, on the host's own root file system: it and all that it starts end when
  /// this returns, or with this process. With a single id, root is emulated as in containers.
  public static func supervise(
    _ command: ContainerCommand, ids: IDMapping
  ) throws(ContainerError) -> ContainerResult {
    guard let outcome = plash_outcome_allocate() else { throw .system(.current("mmap")) }
    defer { plash_outcome_free(outcome) }
    var program = SetupProgram()
    if ids.isSingle { program.append(.emulateRoot) }
    try start(program, command, outcome)
    do throws(ContainerError) {
      return try result(of: outcome.pointee, program, command)
    } catch .cannotExecute(let program, let code) {
      throw .system(SystemError(call: "exec", path: program, code: code))
    }
  }

  private static func start(
    _ program: SetupProgram, _ command: ContainerCommand, _ outcome: UnsafeMutablePointer<plash_outcome>
  ) throws(ContainerError) {
    let argv = CStringArray(command.arguments)
    let envp = CStringArray(command.environment)
    var slots = program.initialSlots
    let process = program.withCSteps(program.steps.indices) { steps in
      slots.withUnsafeMutableBufferPointer { slots in
        withScript(command.script) { script in
          var container = plash_container(
            ops: steps.baseAddress, op_count: steps.count, slots: slots.baseAddress, arguments: argv.pointer,
            environment: envp.pointer, script: script.baseAddress, script_size: script.count,
            input: command.streams.input, output: command.streams.output, error: command.streams.error,
            report: command.report ?? -1,
            closed: command.isClosed)
          return plash_container_start(&container, outcome)
        }
      }
    }
    if process < 0 { throw .system(.current(name(outcome.pointee.call))) }
    let status = plash_wait_or_kill(process)
    let signal = plash_caught_signal()
    if signal != 0 { throw .interrupted(signal: signal) }
    if status < 0 { throw .system(.current("waitpid")) }
    if case .signaled(let signal) = ExitStatus(waitStatus: status) { throw .supervisorKilled(signal: signal) }
  }

  private static func name(_ call: UnsafePointer<CChar>?) -> String { call.map { String(cString: $0) } ?? "clone" }

  private static func withScript<Result>(
    _ script: Bytes?, _ body: (UnsafeBufferPointer<CChar>) -> Result
  ) -> Result {
    guard let script else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
    return script.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer(body)
  }

  private static func result(
    of outcome: plash_outcome, _ program: SetupProgram, _ command: ContainerCommand
  ) throws(ContainerError) -> ContainerResult {
    if outcome.setup.op >= 0 { throw program.error(of: outcome.setup) }
    if outcome.call != nil {
      throw .system(SystemError(call: name(outcome.call), code: outcome.exec_error))
    }
    if outcome.exec_error != 0 {
      throw .cannotExecute(program: command.arguments.first ?? [], code: outcome.exec_error)
    }
    // It ended in some other way before there was a program: nothing of what was asked for was done.
    if outcome.started == 0 { throw .endedEarly }
    return ContainerResult(
      status: ExitStatus(waitStatus: outcome.wait_status), linesTaken: Int(outcome.lines_taken))
  }
}

extension SetupOp {
  /// Whether this step creates the mount of `proc`.
  fileprivate func isProcMount(of program: SetupProgram) -> Bool {
    guard case .mount(let context, _) = self else { return false }
    return program.steps.contains(.openFileSystem(Bytes("proc"), into: context))
  }
}
