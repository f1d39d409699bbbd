import Glibc
import PlashImages
import PlashRuntime

/// What the helper was asked to do.
struct ImportCommand {
  private let store: ImageStore
  private let source: String
  private let words: [Bytes]

  /// What needs no network, and so no configuration.
  private static let offline = ["export", "link", "tar", "busybox"]

  /// Does what the words after the store's path ask for. Gives what to print on standard output.
  static func run(_ words: [Bytes], in path: Bytes) throws(ImportError) -> Bytes {
    let source = String(decoding: words[0], as: UTF8.self)
    let rest = Array(words.dropFirst())
    if !offline.contains(source) { try ConfigurationFile.apply() }
    if try OutputCommand.run(source, rest) { return [] }
    let store = try storing { () throws(StoreError) in try ImageStore(path: path) }
    switch source {
    case "export":
      try ExportCommand(store: store, words: rest).run()
      return []
    case "images": return try list(store, rest)
    default: return try ImportCommand(store: store, source: source, words: rest).image().id.digits
    }
  }

  private func image() throws(ImportError) -> Image {
    let workspace = try Self.storing { () throws(StoreError) in
      try store.removeAbandonedWorkspaces()
      return try store.makeWorkspace()
    }
    let key: LayerKey
    var origin = origin
    do throws(ImportError) {
      key = try fill(workspace, &origin)
    } catch {
      let cause = Self.explained(error, store)
      try? workspace.remove()
      throw cause
    }
    do throws(StoreError) {
      return try store.commitBase(workspace, LayerRecord(key: key, origin: origin)) {
        ProgressReport.say(Bytes("plash: waiting for another process, which imports the same".utf8))
      }
    } catch {
      throw .store(error)
    }
  }

  /// A full disk is the store's.
  private static func explained(_ error: ImportError, _ store: ImageStore) -> ImportError {
    guard case .system(let cause) = error, case .full(let path, let shortage) = store.failure(cause) else {
      return error
    }
    return .store(.full(path: path, shortage))
  }

  /// As `import debian bookworm`, without passwords: it is listed.
  private var origin: Bytes {
    Bytes(([Bytes("import"), Bytes(source.utf8)] + words.map(\.withoutCredentials)).joined(separator: [0x20]))
  }

  /// Puts the root file system into the workspace's layer; its key is that of its content. The origin gets what the
  /// source calls this very build, where there is such a name.
  private func fill(_ workspace: borrowing Workspace, _ origin: inout Bytes) throws(ImportError) -> LayerKey {
    let root = try Self.opening { () throws(SystemError) in
      try workspace.makeLayer()
      return try workspace.openLayerRoot()
    }
    let searchPath = Environment.value(Bytes("PATH")) ?? []
    switch (source, words.count) {
    case ("tar", 1): return try fillFromTar(root)
    case ("busybox", 0):
      return LayerKey(base: try BusyboxImage(searchPath: searchPath).fill(root), source: Bytes("busybox 1"))
    case ("debian", 1):
      let mirror = Environment.value(Bytes("PLASH_DEBIAN_MIRROR")).flatMap { $0.isEmpty ? nil : $0 }
      let debian = try DebianImage(suite: words[0], mirror: mirror, searchPath: searchPath)
      return treeKey(try debian.fill(root, scratch: workspace.path(in: store), with: try extractor()))
    case ("lxc", 1...2):
      let (image, summary) = try remoteSources(workspace).fill(
        root, fromLinuxContainers: words[0], exactName: words.count > 1 ? words[1] : nil)
      origin = Bytes("import lxc ") + words[0] + [0x20] + image.exactName
      return treeKey(summary)
    case ("url", 1...): return treeKey(try remoteSources(workspace).fill(root, fromWeb: words))
    default: throw .unknownSource(Bytes(source.utf8))
    }
  }

  private func fillFromTar(_ root: borrowing Descriptor) throws(ImportError) -> LayerKey {
    let archive = try Self.opening { () throws(SystemError) in
      words[0] == Bytes("-") ? try Descriptor.standardInput() : try Descriptor.open(words[0])
    }
    let extractor = try extractor()
    do throws(ImportError) {
      return treeKey(try extractor.extract(archive, into: root))
    } catch .system(let error) where error.call != "read" || !error.path.isEmpty {
      throw .system(error)
    } catch {
      throw words[0] == Bytes("-") ? error : .archive(words[0], error)
    }
  }

  private func remoteSources(_ workspace: borrowing Workspace) throws(ImportError) -> RemoteSources {
    RemoteSources(
      scratch: workspace.path(in: store), downloads: try Self.downloads(of: store), extractor: try extractor())
  }

  /// Where downloads wait to be resumed, and the last index.
  private static func downloads(of store: ImageStore) throws(ImportError) -> DownloadFolder {
    let path = store.absolute(Bytes("download"))
    return try opening { () throws(SystemError) in
      try FileSystem.makeDirectoryIfMissing(path, mode: 0o700)
      return DownloadFolder(try Descriptor.open(path, O_RDONLY | O_DIRECTORY))
    }
  }

  /// Prints the names of images instead: `images [PATTERN]`.
  private static func list(_ store: ImageStore, _ words: [Bytes]) throws(ImportError) -> Bytes {
    let workspace = try storing { () throws(StoreError) in try store.makeWorkspace() }
    let scratch = workspace.path(in: store)
    let listed: Result<Bytes, ImportError>
    do throws(ImportError) {
      let memory = try downloads(of: store)
      listed = .success(try RemoteSources.list(words.first ?? [], scratch: scratch, memory: memory.descriptor))
    } catch {
      listed = .failure(explained(error, store))
    }
    try? workspace.remove()
    return try listed.get()
  }

  private func extractor() throws(ImportError) -> Extractor {
    var extractor = Extractor(owners: try OwnerIDs.mapped())
    if let bytes = try bytes("PLASH_IMPORT_LIMIT") { extractor.limits.bytes = bytes }
    extractor.limits.freeSpace = try bytes("PLASH_IMPORT_RESERVE")
    return extractor
  }

  private func bytes(_ setting: String) throws(ImportError) -> Int? {
    guard let text = Environment.value(Bytes(setting.utf8)), !text.isEmpty else { return nil }
    guard let bytes = ExtractionLimits.bytes(text) else { throw .invalidLimit(setting, text) }
    return bytes
  }

  private func treeKey(_ summary: ExtractionSummary) -> LayerKey {
    ImportNotice(summary).say()
    return LayerKey(base: summary.digest.hexadecimal, source: Bytes("tree 1"))
  }

  private static func storing<Result: ~Copyable>(
    _ body: () throws(StoreError) -> Result
  ) throws(ImportError) -> Result {
    do {
      return try body()
    } catch {
      throw .store(error)
    }
  }

  private static func opening<Result: ~Copyable>(
    _ body: () throws(SystemError) -> Result
  ) throws(ImportError) -> Result {
    do {
      return try body()
    } catch {
      throw .system(error)
    }
  }
}
