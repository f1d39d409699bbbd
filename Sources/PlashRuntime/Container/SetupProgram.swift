internal import CPlashShims
internal import Glibc

/// The steps that set up a container, in order.
struct SetupProgram: Equatable, Sendable {
  private(set) var steps: [SetupOp] = []
  private(set) var slotCount: Int32 = 0
  /// Descriptors that are open before the first step.
  private(set) var preset: [Slot: Int32] = [:]

  /// How many of the steps work in a user namespace whose ids are not mapped yet.
  private(set) var countWithoutIDs = 0

  /// What is appended from now on needs ids.
  mutating func needsIDsFromHere() { countWithoutIDs = steps.count }

  /// A new slot. With `descriptor`: one that holds it from the start.
  mutating func slot(holding descriptor: Int32? = nil) -> Slot {
    let slot = Slot(index: slotCount)
    slotCount += 1
    preset[slot] = descriptor
    return slot
  }

  mutating func append(_ step: SetupOp) { steps.append(step) }

  /// Appends a step that fills a slot, and gives the slot.
  mutating func append(_ step: (Slot) -> SetupOp) -> Slot {
    let slot = slot()
    steps.append(step(slot))
    return slot
  }

  /// The descriptors before the first step, -1 where there is none yet.
  var initialSlots: [Int32] {
    var slots = [Int32](repeating: -1, count: Int(max(slotCount, 1)))
    for (slot, descriptor) in preset { slots[Int(slot.index)] = descriptor }
    return slots
  }

  /// Performs some of the steps in this process.
  func perform(_ range: Range<Int>, _ slots: inout [Int32]) throws(ContainerError) {
    var failure = plash_failure()
    let result = withCSteps(range) { plash_perform($0.baseAddress, $0.count, &slots, &failure) }
    failure.op += Int32(range.lowerBound)
    if result < 0 { throw error(of: failure) }
  }

  /// The error that the C side reports of these steps.
  func error(of failure: plash_failure) -> ContainerError {
    let step = steps[Int(failure.op)]
    let detail = withUnsafePointer(to: failure.detail) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: failure.detail)) { Bytes(cString: $0) }
    }
    let (call, path) = step.description
    return .setup(SystemError(call: call, path: path, code: failure.error), kernelMessage: detail)
  }

  /// Calls `body` with steps as C takes them; they live as long as the call.
  func withCSteps<Result>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<plash_op>) -> Result) -> Result {
    var text = ContiguousArray<CChar>()
    func store(_ bytes: Bytes?) -> Int? {
      guard let bytes else { return nil }
      defer { text += bytes.map { CChar(bitPattern: $0) } + [0] }
      return text.count
    }
    let lowered = steps[range].map { step in
      let fields = step.fields
      return (fields, store(fields.path), store(fields.value), store(fields.source))
    }
    return text.withUnsafeBufferPointer { text in
      let steps = lowered.map { fields, path, value, source in
        plash_op(
          kind: fields.kind, at: fields.at, other: fields.other, into: fields.into, flags: fields.flags,
          path: path.flatMap { text.baseAddress?.advanced(by: $0) },
          value: value.flatMap { text.baseAddress?.advanced(by: $0) },
          source: source.flatMap { text.baseAddress?.advanced(by: $0) })
      }
      return steps.withUnsafeBufferPointer(body)
    }
  }
}
