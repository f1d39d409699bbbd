/// A piece of the archive in memory. Its memory returns to the pool when the last slice of it is gone.
final class Block: @unchecked Sendable {
  static let size = 256 << 10

  let memory: UnsafeMutableRawBufferPointer
  /// How many bytes are filled; set once, before the block is shared.
  var count = 0
  private let pool: BlockPool

  init(memory: UnsafeMutableRawBufferPointer, pool: BlockPool) {
    self.memory = memory
    self.pool = pool
  }

  deinit { pool.takeBack(memory) }
}
