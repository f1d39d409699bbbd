internal import PlashRuntime

extension Session {
  /// Checks the store and prints what is wrong, a line each or as an array of objects. Ends the process with 1 if all of
  /// it was put right, with 2 if something is wrong that was not.
  public func check(repairing: Bool, full: Bool, asJSON: Bool) throws(DriverError) {
    let store = try store()
    let used = store.used()
    try enterNamespace()
    var check = StoreCheck(store, full: full)
    let findings = check.run()
    try Process.print(asJSON ? Self.json(findings) : findings.flatMap { Bytes((Self.words($0) + "\n").utf8) })
    if findings.isEmpty { return }
    guard repairing else { Process.end(2) }
    do throws(StoreError) {
      try store.repair(findings, used: used)
    } catch {
      Report(.store(error)).end(with: 2)
    }
    var second = StoreCheck(store, full: full)
    Process.end(second.run().isEmpty ? 1 : 2)
  }

  private static func json(_ findings: [StoreFinding]) -> Bytes {
    JSON.array(
      findings.map {
        .object([("message", .string(Bytes(words($0).utf8))), ("repairable", .bool($0.isRepairable))])
      }
    ).text
  }

  private static func words(_ finding: StoreFinding) -> String {
    switch finding {
    case .foreignName(let name): "\(name.printable): does not belong to the store"
    case .danglingLink(let path): "\(path.printable): leads nowhere"
    case .notIndexed(let id): "image \(id.number): is not in the index"
    case .dataWithoutLayer(let name): "data/\(name.printable): belongs to no image"
    case .layerWithoutData(let id): "image \(id.number): its data are gone"
    case .incompleteLayer(let id, let missing): "image \(id.number): has no \(missing.printable)"
    case .lostOrigin(let id, let origin): "layer \(id.number): image \(origin.number), whose files it has, is gone"
    case .abandoned(let name): "tmp/\(name.printable): was left by a process that died"
    case .counterBehind(let id): "id_counter: is behind image \(id.number)"
    case .changedLayer(let id): "image \(id.number): its files are not those that were put in"
    case .oddity(let id, .foreignOwner(let path)): "image \(id.number): \(path.printable) belongs to none of your ids"
    case .oddity(let id, .misleadingAttribute(let path, let name)):
      "image \(id.number): \(path.printable) has the attribute \(name.printable), which no layer has"
    case .unflushed(let id): "image \(id.number): was made with PLASH_SYNC=0 and may not be on disk"
    case .unreadable(let error): ReportWords.words(error)
    }
  }
}
