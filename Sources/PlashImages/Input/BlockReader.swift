internal import PlashRuntime

/// The unpacked archive as slices of blocks: nothing is copied on its way from here to a file.
final class BlockReader {
  private let source: any ByteSource
  private let pool: BlockPool
  private let limit: Int
  private var block: Block?
  private var position = 0
  /// How many bytes came out of the source.
  private(set) var total = 0

  init(_ source: any ByteSource, limit: Int) {
    self.source = source
    self.limit = limit
    pool = BlockPool(blocks: 32)
  }

  /// Up to `count` bytes that lie together; nil at the end.
  func next(_ count: Int) throws(ImportError) -> Slice? {
    if block.map({ position == $0.count }) ?? true { try fill() }
    guard let block, block.count > 0 else { return nil }
    let end = min(block.count, position + count)
    defer { position = end }
    return Slice(block: block, range: position..<end)
  }

  /// Reads to the end, so that a damaged tail is noticed and a program that writes to us can finish.
  func drain() throws(ImportError) {
    while try next(Block.size) != nil {}
  }

  /// Fills a whole block: headers never lie across two.
  private func fill() throws(ImportError) {
    if let block, block.count == 0 { return }
    block = nil
    let fresh = pool.take()
    while fresh.count < Block.size {
      let rest = UnsafeMutableRawBufferPointer(rebasing: fresh.memory[fresh.count...])
      let received = try source.read(into: rest)
      if received == 0 { break }
      fresh.count += received
    }
    total += fresh.count
    if total > limit { throw .tooMuch(.bytes, limit) }
    position = 0
    block = fresh
  }
}
