internal import CPlashShims
internal import Glibc

/// A container that this process is about to become.
public struct ContainerEntry: ~Copyable, Sendable {
  private let spec: ContainerSpec
  private let program: SetupProgram
  private var slots: [Int32]
  private let hold: ImageHold

  /// `hold` is on the image of `spec`: from the exec on its mount protects it. Does what can be done in a user namespace whose ids are still being mapped.
  public init(_ spec: ContainerSpec, holding hold: consuming ImageHold) throws(ContainerError) {
    stopForTests(at: "after-hold")
    hold.handOverToMount()
    let program = spec.program(.current)
    var slots = program.initialSlots
    try Self.perform(program, 0..<program.countWithoutIDs, &slots, spec)
    self.spec = spec
    self.program = program
    self.slots = slots
    self.hold = hold
  }

  /// Mounts the image on the mount point without entering it.
  public mutating func mount() throws(ContainerError) {
    try Self.perform(program, program.countWithoutIDs..<program.steps.count, &slots, spec)
    if let lifeline = spec.lifeline { try tell(lifeline) }
  }

  /// Turns this process into `arguments`, in the container: same pid, terminal and parent. The ids must be mapped.
  /// Returns only by an error.
  public mutating func enter(arguments: [Bytes], environment: [Bytes]) throws(ContainerError) -> Never {
    try mount()
    let argv = CStringArray(arguments)
    let envp = CStringArray(environment)
    let code = plash_execute(argv.pointer, envp.pointer, false)
    throw .cannotExecute(program: arguments.first ?? [], code: code)
  }

  private static func perform(
    _ program: SetupProgram, _ steps: Range<Int>, _ slots: inout [Int32], _ spec: ContainerSpec
  ) throws(ContainerError) {
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
