/// A queue from one thread to another that makes the sender wait when `capacity` elements are under way.
final class Channel<Element: Sendable>: @unchecked Sendable {
  private let monitor = Monitor()
  private var ring: [Element?]
  private var first = 0
  private var count = 0
  private var isClosed = false

  init(capacity: Int) { ring = Array(repeating: nil, count: capacity) }

  func send(_ element: Element) {
    monitor.locked {
      while count == ring.count { monitor.wait() }
      ring[(first + count) % ring.count] = element
      count += 1
      monitor.signal()
    }
  }

  /// Nothing more will be sent.
  func close() {
    monitor.locked {
      isClosed = true
      monitor.signal()
    }
  }

  /// The next element, or nil when the channel is closed and empty.
  func receive() -> Element? {
    monitor.locked {
      while count == 0 && !isClosed { monitor.wait() }
      guard count > 0 else { return nil }
      let element = ring[first]
      ring[first] = nil
      first = (first + 1) % ring.count
      count -= 1
      monitor.signal()
      return element
    }
  }
}
