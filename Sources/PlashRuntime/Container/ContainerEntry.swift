internal import CPlashShims
internal import Glibc

/// A container that this process is about to become.
public struct ContainerEntry: Sendable {
  private let spec: ContainerSpec
  private let program: SetupProgram
  private var slots: [Int32]

  /// Does what can be done in a user namespace whose ids are still being mapped.
  public init(_ spec: ContainerSpec) throws(ContainerError) {
    self.spec = spec
    program = spec.program(.detect())
    slots = program.initialSlots
    try perform(0..<program.countWithoutIDs)
  }

  /// Turns this process into `arguments`, in the container: same pid, terminal and parent. The ids must be mapped.
  /// Returns only by an error.
  public mutating func enter(arguments: [Bytes], environment: [Bytes]) throws(ContainerError) -> Never {
    try perform(program.countWithoutIDs..<program.steps.count)
    if let lifeline = spec.lifeline { try tell(lifeline) }
    let argv = CStringArray(arguments)
    let envp = CStringArray(environment)
    let code = plash_execute(argv.pointer, envp.pointer, false, 3)
    throw .cannotExecute(program: arguments.first ?? [], code: code)
  }

  private mutating func perform(_ steps: Range<Int>) throws(ContainerError) {
    do throws(ContainerError) {
      try program.perform(steps, &slots)
    } catch {
      throw error.diagnosed(for: spec)
    }
  }

  /// The container exists: its watcher may wait for its end now.
  private func tell(_ lifeline: Int32) throws(ContainerError) {
    do throws(SystemError) {
      try FileSystem.write([1], to: lifeline)
    } catch {
      throw .system(error)
    }
  }
}
