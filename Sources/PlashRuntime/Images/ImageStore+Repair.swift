internal import Glibc

extension ImageStore {
  /// Puts right what a check found and what can be put right; the rest is left as it is.
  public func repair(_ findings: [StoreFinding], used: [ImageID: ImageUser]) throws(StoreError) {
    // Wrong links go first: a right one may take the place.
    for isLink in [true, false] {
      for finding in findings where finding.isRepairable && finding.isLink == isLink {
        try storing { () throws(SystemError) in try repair(finding, used) }
      }
    }
    try clean(used)
  }

  private func repair(_ finding: StoreFinding, _ used: [ImageID: ImageUser]) throws(SystemError) {
    switch finding {
    case .danglingLink(let path): try FileSystem.removeTree(path, at: root.number)
    case .notIndexed(let id): try index(id)
    case .dataWithoutLayer(let name):
      if let id = ImageID(name) {
        try removeData(of: id, unless: used)
      } else {
        try FileSystem.removeTree(Bytes("data/") + name, at: root.number)
      }
    case .counterBehind(let id): try advanceCounter(to: id)
    case .unflushed(let id):
      try root.flushFileSystem()
      try FileSystem.removeTree(id.data + [0x2F] + Self.unflushed, at: root.number)
    case .abandoned, .foreignName, .layerWithoutData, .incompleteLayer, .lostOrigin: break
    case .changedLayer, .oddity, .unreadable: break
    }
  }

  private func index(_ id: ImageID) throws(SystemError) {
    let lineages = try Self.layers(in: Bytes("layer/0"), at: root.number)
    guard let lineage = lineages.first(where: { $0.last == id }) else { return }
    try FileSystem.removeTree(Bytes("index/") + id.digits, at: root.number)
    try FileSystem.makeLink(Bytes("index/") + id.digits, at: root.number, to: Image(lineage: lineage).link)
    try open(folder: Bytes("index")).flush()
  }

  private func advanceCounter(to id: ImageID) throws(SystemError) {
    let counter = try Descriptor.open(Bytes("id_counter"), at: root.number, O_WRONLY | O_CREAT, mode: 0o644)
    try check("ftruncate") { ftruncate(counter.number, off_t(id.number)) }
    try counter.flush()
  }
}
