internal import Glibc
internal import PlashRuntime

/// One run of an extractor.
struct Extraction: ~Copyable {
  private let extractor: Extractor
  private let input: BlockReader
  private var reader: TarReader
  private let root: Int32
  private let rootNode = DirectoryNode()
  private var walk: DirectoryWalk
  private let table = FileTable()
  private var targets: LinkTargets
  private var space: FreeSpace
  private let writers: [FileWriter]
  private var nextWriter = 0
  private var summary = ExtractionSummary(digest: Digest(Bytes(repeating: 0, count: Digest.size)))
  private var files = 0
  /// Bytes of holes, which cost no room but the time to digest them.
  private var holes = 0
  /// Bytes of attributes that wait for the last pass over the directories.
  private var waiting = 0

  init(
    _ extractor: Extractor, _ input: BlockReader, root: Int32, _ space: FreeSpace, _ writers: [FileWriter]
  ) {
    self.extractor = extractor
    self.input = input
    self.root = root
    self.space = space
    self.writers = writers
    reader = TarReader(input, headerLimit: extractor.limits.header)
    walk = DirectoryWalk(root: root, node: rootNode)
    targets = LinkTargets(DirectoryWalk(root: root, node: rootNode))
  }

  mutating func run() throws(ImportError) -> ExtractionSummary {
    let read: Result<Void, ImportError>
    do throws(ImportError) {
      read = .success(try extractAll())
    } catch {
      read = .failure(error)
    }
    // The writers end in any case. What stopped them says more than what the reader met.
    let written = writers.map { $0.finish() }
    for result in written { summary.droppedAttributes += try result.get() }
    try read.get()
    if files == 0 { throw .noFiles }
    var finish = TreeFinish(table)
    summary.digest = try finish.run(root: root, rootNode)
    summary.droppedAttributes += finish.refused
    summary.bytes = input.total
    return summary
  }

  private mutating func extractAll() throws(ImportError) {
    while let entry = try reader.next() {
      summary.entries += 1
      do throws(EntryFailure) {
        try extract(entry)
      } catch {
        throw error.named(entry.name)
      }
      if made > extractor.limits.entries { throw .tooMuch(.entries, extractor.limits.entries) }
      try checkSpace()
    }
  }

  /// What there is to be made, so far: one entry may imply many directories.
  private var made: Int { summary.entries + walk.implied }

  /// Whatever is made takes a block of the disk, or about that, besides its content.
  private mutating func checkSpace() throws(ImportError) { try space.check(after: input.total + made << 12) }

  private mutating func extract(_ entry: TarEntry) throws(EntryFailure) {
    if entry.kind == .device {
      summary.skippedDevices += 1
      targets.skip(entry.name)
      return
    }
    let path = try EntryPath.of(entry.name)
    if path.isAbsolute { summary.strippedNames += 1 }
    let attributes = try attributes(of: entry)
    guard let name = path.parts.last else { return try setRoot(entry, attributes) }
    try walk.go(to: path.parts.dropLast(), making: true)
    switch entry.kind {
    case .directory: try makeDirectory(name, attributes)
    case .hardLink(let target): try makeHardLink(name, target)
    case .file: try EntryFailure.of { () throws(ImportError) in try makeFile(name, entry, attributes) }
    case .symbolicLink(let target): try makeSymbolicLink(name, target, attributes)
    case .fifo: try EntryFailure.of { () throws(ImportError) in try makeFIFO(name, attributes) }
    case .device: break
    }
  }

  private mutating func attributes(of entry: TarEntry) throws(EntryFailure) -> Attributes {
    let owners = extractor.owners
    var attributes = Attributes(mode: entry.kind.isSymbolicLink ? 0o777 : entry.mode)
    if owners.isSingle {
      if entry.user != 0 || entry.group != 0 { summary.squashedOwners += 1 }
    } else {
      guard owners.users.contains(where: { $0.contains(entry.user) }) else {
        throw .fault(.foreignUser(entry.user, owners.users))
      }
      guard owners.groups.contains(where: { $0.contains(entry.group) }) else {
        throw .fault(.foreignGroup(entry.group, owners.groups))
      }
      attributes.user = UInt32(entry.user)
      attributes.group = UInt32(entry.group)
    }
    attributes.time = entry.time
    attributes.extended = entry.attributes.filter { entry.kind.hasAttributes && $0.isKept }.map(\.canonical).sorted {
      $0.name.lexicographicallyPrecedes($1.name)
    }
    summary.droppedAttributes += entry.attributes.count - attributes.extended.count
    if entry.kind == .directory { waiting += attributes.extendedSize }
    if waiting > extractor.limits.memory { throw .other(.tooMuch(.memory, extractor.limits.memory)) }
    return attributes
  }

  /// Takes away what has the name of a new entry: the last one wins.
  private mutating func clear(_ name: Bytes) throws(ImportError) {
    guard let old = walk.node.children.removeValue(forKey: name) else { return }
    if case .directory = old { targets.returnToRoot() }
    let directory = walk.descriptor
    try system { () throws(SystemError) in try FileSystem.removeTree(name, at: directory) }
  }
}

// MARK: - One kind each

extension Extraction {
  private func setRoot(_ entry: TarEntry, _ attributes: Attributes) throws(EntryFailure) {
    guard entry.kind == .directory else { throw .fault(.rootIsNoDirectory) }
    rootNode.attributes = attributes
    // The store has to get into its own directories.
    rootNode.attributes.mode |= 0o700
  }

  private mutating func makeDirectory(_ name: Bytes, _ attributes: Attributes) throws(EntryFailure) {
    try EntryFailure.of { () throws(ImportError) in
      if case .file = walk.node.children[name] { try clear(name) }
      try walk.makeDirectory(name).attributes = attributes
    }
  }

  private mutating func makeFile(_ name: Bytes, _ entry: TarEntry, _ attributes: Attributes)
    throws(ImportError)
  {
    try countHoles(entry)
    try clear(name)
    let directory = walk.descriptor
    let opened = try system { () throws(SystemError) in
      try Descriptor.open(name, at: directory, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    }
    files += 1
    let state = add(name)
    try fill(OutputFile(opened, state, attributes, size: entry.size, sparse: entry.sparse))
  }

  private mutating func countHoles(_ entry: TarEntry) throws(ImportError) {
    guard let sparse = entry.sparse else { return }
    let (sum, overflow) = holes.addingReportingOverflow(sparse.size - entry.size)
    holes = sum
    if overflow || holes > extractor.limits.bytes - input.total {
      throw .tooMuch(.bytes, extractor.limits.bytes)
    }
  }

  private mutating func fill(_ file: OutputFile) throws(ImportError) {
    let writer = writers[nextWriter]
    nextWriter = (nextWriter + 1) % writers.count
    var slices: [Slice] = []
    while let slice = try reader.nextData() {
      slices.append(slice)
      if slices.count == 2 {
        try writer.send(.init(file: file, slices: slices, isLast: false))
        slices = []
        try checkSpace()
      }
    }
    try writer.send(.init(file: file, slices: slices, isLast: true))
    extractor.progress?(input.total)
  }

  private mutating func makeSymbolicLink(_ name: Bytes, _ target: Bytes, _ attributes: Attributes)
    throws(EntryFailure)
  {
    guard !target.isEmpty else { throw .fault(.linkTargetMissing(target)) }
    if target.contains(0) { throw .fault(.nulInName) }
    if target.count >= PATH_MAX { throw .fault(.targetTooLong(Int(PATH_MAX) - 1)) }
    try EntryFailure.of { () throws(ImportError) in
      try clear(name)
      let directory = walk.descriptor
      try system { () throws(SystemError) in try FileSystem.makeLink(name, at: directory, to: target) }
      try finish(name, kind: Bytes("link"), target, attributes)
    }
  }

  private mutating func makeFIFO(_ name: Bytes, _ attributes: Attributes) throws(ImportError) {
    try clear(name)
    let directory = walk.descriptor
    try call("mkfifo", name) { name.withCString { mkfifoat(directory, $0, 0o600) } }
    // A FIFO is not opened: that would wait for its other end. It was made just now, so its name is no link.
    try call("fchmodat", name) { name.withCString { fchmodat(directory, $0, attributes.mode, 0) } }
    try finish(name, kind: Bytes("fifo"), [], attributes)
  }

  private func finish(_ name: Bytes, kind: Bytes, _ target: Bytes, _ attributes: Attributes)
    throws(ImportError)
  {
    try attributes.apply(to: name, at: walk.descriptor)
    var hash = SHA256()
    hash.update(field: kind)
    attributes.describe(in: &hash)
    hash.update(field: target)
    add(name).pointee = .described(hash.finish())
  }

  /// Enters a new file into the tree.
  private func add(_ name: Bytes) -> UnsafeMutablePointer<FileState> {
    let file = table.add()
    walk.node.children[name] = .file(file)
    return table.state(of: file)
  }

  private mutating func makeHardLink(_ name: Bytes, _ target: Bytes) throws(EntryFailure) {
    // A file in it would be gone by the time that it gets this name.
    if case .directory = walk.node.children[name] {
      try EntryFailure.of { () throws(ImportError) in try clear(name) }
    }
    guard let (file, targetName) = try targets.find(target) else {
      summary.skippedDevices += 1
      return
    }
    if case .file(file) = walk.node.children[name] { return }
    let from = targets.directory
    let directory = walk.descriptor
    try EntryFailure.of { () throws(ImportError) in
      try clear(name)
      try call("link", name) {
        targetName.withCString { old in name.withCString { linkat(from, old, directory, $0, 0) } }
      }
    }
    walk.node.children[name] = .file(file)
  }
}
