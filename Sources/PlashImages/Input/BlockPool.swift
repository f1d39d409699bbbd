/// A fixed number of blocks: who wants one waits until the writers have let one go. This bounds the memory of an import.
final class BlockPool: @unchecked Sendable {
  private let monitor = Monitor()
  private var idle: [UnsafeMutableRawBufferPointer] = []
  private var unmade: Int

  init(blocks: Int) { unmade = blocks }

  deinit { for memory in idle { memory.deallocate() } }

  func take() -> Block {
    let memory = monitor.locked {
      while true {
        if let memory = idle.popLast() { return memory }
        if unmade > 0 { return makeMemory() }
        monitor.wait()
      }
    }
    return Block(memory: memory, pool: self)
  }

  func takeBack(_ memory: UnsafeMutableRawBufferPointer) {
    monitor.locked {
      idle.append(memory)
      monitor.signal()
    }
  }

  private func makeMemory() -> UnsafeMutableRawBufferPointer {
    unmade -= 1
    return .allocate(byteCount: Block.size, alignment: 4096)
  }
}
