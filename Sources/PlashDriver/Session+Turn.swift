internal import PlashRuntime

extension Session {
  /// Does work that `key` stands for, which one process does while the others wait.
  /// - Parameters:
  ///   - waiting: what is said after two seconds, of the process that is at work.
  ///   - answered: what is wanted, if the answer which that process left tells it: then this one need not work.
  ///   - work: gives what is wanted and, if it is new, an answer for those who wait.
  func inTurn<Value>(
    for key: LayerKey, waiting: (Bytes) -> Bytes, answered: (Bytes) -> Value?,
    work: () throws(DriverError) -> (value: Value, answer: Bytes?)
  ) throws(DriverError) -> Value {
    let store = try store()
    var known: Value?
    let turn = try driving { () throws(StoreError) in
      try store.makeTurn(for: key) {
        Process.complain(waiting($0))
      } answered: {
        known = answered($0)
        return known != nil
      }
    }
    guard let turn else {
      guard let known else { preconditionFailure("a turn that no answer ended") }
      return known
    }
    do throws(DriverError) {
      let (value, answer) = try work()
      if let answer { try? turn.remove(answering: answer) } else { try? turn.remove() }
      return value
    } catch {
      try? turn.remove()
      throw error
    }
  }
}
