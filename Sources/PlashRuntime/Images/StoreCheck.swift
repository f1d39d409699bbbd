internal import Glibc

/// Goes through the store and tells what is wrong with it.
public struct StoreCheck {
  private let store: ImageStore
  private let full: Bool
  private var findings: [StoreFinding] = []
  private var lineages: [ImageID: [ImageID]] = [:]

  /// A check of `store`; a full one also compares every layer's files with its manifest, and what they contain with what
  /// was read the last time, which takes rights over the user's subordinate ids.
  public init(_ store: ImageStore, full: Bool) {
    self.store = store
    self.full = full
  }

  /// All that is wrong, in the order in which it has to be put right.
  public mutating func run() -> [StoreFinding] {
    noting { check throws(SystemError) in
      try check.checkNames()
      try check.readLayers()
      try check.checkLayers()
      for folder in ["index", "map", "key"] { try check.checkLinks(in: Bytes(folder.utf8)) }
      try check.checkData()
      try check.checkTemporary()
      try check.checkCounter()
    }
    return findings
  }

  /// A part that cannot be read is a finding; the other parts are checked all the same.
  private mutating func noting(_ body: (inout StoreCheck) throws(SystemError) -> Void) {
    do {
      try body(&self)
    } catch {
      findings.append(.unreadable(error))
    }
  }

  private mutating func checkNames() throws(SystemError) {
    for name in try store.root.entries() where !ImageStore.names.contains(name) {
      findings.append(.foreignName(name))
    }
  }

  private mutating func readLayers() throws(SystemError) {
    for lineage in try ImageStore.layers(in: Bytes("layer/0"), at: store.root.number) {
      guard let id = lineage.last else { continue }
      lineages[id] = lineage
    }
  }

  private mutating func checkLayers() throws(SystemError) {
    for id in lineages.keys.sorted() {
      let image = Image(lineage: lineages[id] ?? [])
      guard FileSystem.exists(id.data + Bytes("/root"), at: store.root.number) else {
        findings.append(.layerWithoutData(id))
        continue
      }
      for part in ["key", "manifest"].map({ Bytes($0.utf8) })
      where !FileSystem.exists(id.data + [0x2F] + part, at: store.root.number) {
        findings.append(.incompleteLayer(id, missing: part))
      }
      if let origin = store.flattened(by: id) {
        if lineages[origin] == nil { findings.append(.lostOrigin(id, origin)) }
      } else if (try? store.image(id.digits)) != image {
        findings.append(.notIndexed(id))
      }
      let isUnflushed = FileSystem.exists(id.data + [0x2F] + ImageStore.unflushed, at: store.root.number)
      if isUnflushed { findings.append(.unflushed(id)) }
      if full { findOddities(of: id) }
      if full || isUnflushed { noting { check throws(SystemError) in try check.compare(id) } }
    }
  }

  private mutating func findOddities(of id: ImageID) {
    var oddities: [LayerOddity] = []
    noting { check throws(SystemError) in
      let root = try Descriptor.open(id.data + Bytes("/root"), at: check.store.root.number, O_RDONLY | O_DIRECTORY)
      try LayerOddity.find(in: root, into: &oddities)
    }
    findings += oddities.map { .oddity(id, $0) }
  }

  private mutating func compare(_ id: ImageID) throws(SystemError) {
    let text = try FileSystem.content(of: id.data + Bytes("/manifest"), at: store.root.number)
    let root = try Descriptor.open(id.data + Bytes("/root"), at: store.root.number, O_RDONLY | O_DIRECTORY)
    let isAsMade = try LayerManifest(of: root) == LayerManifest(text: text)
    let hasSameContents = full ? try compareContents(of: id, root) : true
    if !isAsMade || !hasSameContents { findings.append(.changedLayer(id)) }
  }

  private func compareContents(of id: ImageID, _ root: borrowing Descriptor) throws(SystemError) -> Bool {
    let data = try store.open(folder: id.data)
    let contents = try LayerContents(of: root)
    if let noted = try LayerContents.noted(in: data) { return contents == noted }
    do throws(SystemError) {
      try contents.note(in: data)
    } catch  where [ENOSPC, EDQUOT, EROFS].contains(error.code) {
      // Another time: a check is not to fail for want of space.
    }
    return true
  }

  private mutating func checkLinks(in folder: Bytes) throws(SystemError) {
    for name in try store.open(folder: folder).entries() {
      let path = folder + [0x2F] + name
      let image = Image(link: (try? FileSystem.readLink(path, at: store.root.number)) ?? [])
      let isRight = image.map { isNamed($0.id, name, in: folder) && lineages[$0.id] == $0.lineage } ?? false
      if !isRight { findings.append(.danglingLink(path)) }
    }
  }

  /// Whether the link has the right name for what it leads to; users give names in `map` as they like.
  private func isNamed(_ id: ImageID, _ name: Bytes, in folder: Bytes) -> Bool {
    switch folder {
    case Bytes("index"): id.digits == name
    case Bytes("key"): (try? FileSystem.content(of: id.data + Bytes("/key"), at: store.root.number)) == name
    default: true
    }
  }

  private mutating func checkData() throws(SystemError) {
    for name in try store.dataWithoutLayer() { findings.append(.dataWithoutLayer(name)) }
  }

  private mutating func checkTemporary() throws(SystemError) {
    for name in try store.abandonedWorkspaces() { findings.append(.abandoned(name)) }
  }

  private mutating func checkCounter() throws(SystemError) {
    let given = (try? FileSystem.status(Bytes("id_counter"), at: store.root.number).st_size) ?? 0
    if let last = lineages.keys.max(), last.number > UInt64(given) { findings.append(.counterBehind(last)) }
  }
}
