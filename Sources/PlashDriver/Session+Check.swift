internal import PlashRuntime

extension Session {
  /// Checks the store and prints what is wrong, a line each or as an array of objects. Ends the process with 1 if all of
  /// it was put right, with 2 if something is wrong that was not.
  public func check(repairing: Bool, full: Bool, asJSON: Bool) throws(DriverError) {
    let store = try store()
    try enterNamespace()
    var check = StoreCheck(store, full: full)
    let findings = check.run()
    let words = findings.map { FindingWords(finding: $0, ids: ids) }
    try Process.print(asJSON ? JSON.array(words.map(\.json)).text : words.flatMap { Bytes(($0.text + "\n").utf8) })
    if findings.isEmpty { return }
    guard repairing else { Process.end(2) }
    do throws(StoreError) {
      try store.repair()
    } catch {
      Report(reachable(error)).end(with: 2)
    }
    var second = StoreCheck(store, full: full)
    Process.end(second.run().isEmpty ? 1 : 2)
  }

  /// Files of images can belong to ids that this process has not.
  func reachable(_ error: StoreError) -> DriverError {
    if case .system(let error) = error, error.isRefusal { .outOfReach(error, ids) } else { .store(error) }
  }
}
