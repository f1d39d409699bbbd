internal import Glibc

/// Goes through the store and tells what is wrong with it.
public struct StoreCheck {
  let store: ImageStore
  let full: Bool
  var findings: [StoreFinding] = []
  /// Where each layer is.
  var places: [ImageID: Image] = [:]
  /// Layers that are in more than one place, without the index telling which of them counts.
  var ambiguous: Set<ImageID> = []
  /// What each layer is found by, as it says itself; as the cache says if it does not.
  var keys: [ImageID: LayerKey] = [:]
  /// Layers whose key cannot be theirs.
  var wrongKeys: Set<ImageID> = []
  /// What is mounted on layers' data.
  var mounts: [ImageID: Bytes] = [:]

  /// A check of `store`; a full one also compares every layer's files with its manifest, and what they contain with what
  /// was read the last time, which takes rights over the user's subordinate ids.
  public init(_ store: ImageStore, full: Bool) {
    self.store = store
    self.full = full
  }

  /// All that is wrong.
  public mutating func run() -> [StoreFinding] {
    noting { check throws(SystemError) in
      // Beside somebody who has stopped with the lock it may find what that one has half done.
      let layers = try check.store.lockLayers(alone: true)
      defer { withExtendedLifetime(layers) {} }
      check.checkStructure()
    }
    checkFiles()
    return findings
  }

  /// What is wrong with anything but the files of layers, in the order in which it has to be put right. Nobody may be
  /// changing which layers there are.
  mutating func checkStructure() {
    noting { check throws(SystemError) in
      try check.checkNames()
      try check.readPlaces()
      try check.readKeys()
      for (id, path) in try StoreMounts.find(in: check.store) { check.mounts[id] = path }
      check.checkLayers()
      for folder in ["index", "map", "key"] { try check.checkLinks(in: Bytes(folder.utf8)) }
      try check.checkData()
      try check.checkTemporary()
      try check.checkCounter()
    }
  }

  /// Findings tell paths from the data directory.
  func unreadable(_ error: SystemError, of id: ImageID?) -> StoreFinding {
    let root = Descriptor.path(of: store.root.number) + [0x2F]
    let path = error.path.starts(with: root) ? Bytes(error.path.dropFirst(root.count)) : error.path
    return .unreadable(SystemError(call: error.call, path: path, code: error.code), of: id)
  }

  /// A part that cannot be read is a finding, once; the other parts are checked all the same.
  mutating func noting(of id: ImageID? = nil, _ body: (inout StoreCheck) throws(SystemError) -> Void) {
    do {
      try body(&self)
    } catch {
      let finding = unreadable(error, of: id)
      if !findings.contains(finding) { findings.append(finding) }
    }
  }

  private mutating func checkNames() throws(SystemError) {
    for name in try store.root.entries() where !ImageStore.names.contains(name) {
      findings.append(.foreignName(name))
    }
    for folder in ImageStore.folders { try checkMode(of: folder) }
  }

  mutating func checkMode(of folder: Bytes) throws(SystemError) {
    let mode = try FileSystem.status(folder, at: store.root.number).st_mode
    if mode & S_IFMT == S_IFDIR, mode & 0o700 != 0o700 { findings.append(.closedFolder(folder)) }
  }

  /// A layer in two places, as a copied folder makes it: the one that the index leads to counts.
  private mutating func readPlaces() throws(SystemError) {
    var foreign: [Bytes] = []
    let images = try ImageStore.layers(in: Bytes("layer/0"), at: store.root.number) { foreign.append($0) }
      .map { Image(lineage: $0) }
    findings += foreign.map { .foreignName($0) }
    for (id, images) in Dictionary(grouping: images, by: \.id) {
      let indexed = images.first { $0 == self.indexed(id) }
      places[id] = indexed ?? images.first
      if indexed == nil, images.count > 1 { ambiguous.insert(id) }
    }
    try findLostPlaces()
    // What stands on a place goes before it.
    let others = images.filter { places[$0.id] != $0 }.sorted { ($1.lineage.count, $0.id) < ($0.lineage.count, $1.id) }
    for image in others {
      guard let place = places[image.id] else { continue }
      let above = images.filter { $0.lineage.starts(with: image.lineage) }
      let isIdle = above.allSatisfy { places[$0.id] != $0 && !ambiguous.contains($0.id) }
      findings.append(.secondPlace(image, besides: place, isIdle: isIdle))
    }
  }

  /// The index still says where they were, and their data are there. Deleting begins with the index.
  private mutating func findLostPlaces() throws(SystemError) {
    let listed = try store.open(folder: Bytes("index")).entries().compactMap { ImageID($0) }
    for id in listed.sorted() where places[id] == nil {
      guard let image = indexed(id), image.id == id,
        FileSystem.exists(id.data + Bytes("/root"), at: store.root.number)
      else { continue }
      places[id] = image
      findings.append(.lostPlace(image))
    }
  }

  /// Where the index says that an image is.
  func indexed(_ id: ImageID) -> Image? { store.indexed(id) }

  /// The image that a link of the store names.
  func linked(_ path: Bytes) -> Image? { store.target(of: path) }

  private mutating func checkLinks(in folder: Bytes) throws(SystemError) {
    for name in try store.open(folder: folder).entries() {
      let path = folder + [0x2F] + name
      // What is no link is no image's, nor what has no name that one can have.
      let isOurs = folder != Bytes("map") || (try? ImageStore.mapPath(name)) != nil
      guard isOurs, try FileSystem.status(path, at: store.root.number).st_mode & S_IFMT == S_IFLNK else {
        findings.append(.foreignName(path))
        continue
      }
      guard let image = linked(path), let place = places[image.id], isNamed(image.id, name, in: folder) else {
        findings.append(.danglingLink(path))
        continue
      }
      // Of the index, it is told with the layers.
      if image == place || ambiguous.contains(image.id) || folder == Bytes("index") { continue }
      findings.append(.misledLink(path, place))
    }
  }

  /// Whether the link has the right name for what it leads to; users give names in `map` as they like.
  private func isNamed(_ id: ImageID, _ name: Bytes, in folder: Bytes) -> Bool {
    switch folder {
    case Bytes("index"): id.digits == name
    case Bytes("key"): keys[id]?.hex == name
    default: true
    }
  }

  private mutating func checkData() throws(SystemError) {
    if try store.isDeleting() { return }
    for name in try store.dataWithoutLayer() {
      findings.append(ImageID(name) == nil ? .foreignName(Bytes("data/") + name) : .dataWithoutLayer(name))
    }
  }

  /// A lock file is there for a moment before it is locked, and a folder is listed that is gone by now: what is no garbage
  /// is none a moment later.
  private mutating func checkTemporary() throws(SystemError) {
    let names = try store.abandonedWorkspaces()
    if names.isEmpty { return }
    poll(nil, 0, 50)
    let still = Set(try store.abandonedWorkspaces())
    findings += names.filter { still.contains($0) }.map { .abandoned($0) }
  }

  private mutating func checkCounter() throws(SystemError) {
    if let mode = try? FileSystem.status(Bytes("id_counter"), at: store.root.number).st_mode, mode & S_IFMT != S_IFREG {
      findings.append(.foreignName(Bytes("id_counter")))
    }
    let given = (try? FileSystem.status(Bytes("id_counter"), at: store.root.number).st_size) ?? 0
    if let last = places.keys.max(), last.number > UInt64(given) { findings.append(.counterBehind(last)) }
  }
}
