/// Bytes inside a block, which stays as long as this value does.
struct Slice: Sendable {
  let block: Block
  let range: Range<Int>

  var count: Int { range.count }
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: block.memory[range]) }
}
