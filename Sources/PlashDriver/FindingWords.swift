internal import PlashRuntime

/// What `fsck` says of a finding: in words for people, by a name for programs.
struct FindingWords {
  let finding: StoreFinding
  /// The users that this process could be: why something cannot be read.
  let ids: IDMapping

  /// With all that it is about, for a program.
  var json: JSON {
    .object([
      ("kind", .string(Bytes(name.utf8))), ("image", finding.image.map { .number(Int($0.number)) } ?? .null),
      ("path", .string(finding.path)), ("message", .string(Bytes(text.utf8))),
      ("repairable", .bool(finding.isRepairable)),
    ])
  }

  private var name: String {
    switch finding {
    case .foreignName: "foreign-name"
    case .closedFolder: "closed-folder"
    case .danglingLink: "dangling-link"
    case .misledLink: "misled-link"
    case .notIndexed: "not-indexed"
    case .lostPlace: "lost-place"
    case .secondPlace: "second-place"
    case .lostDataLink: "data-link"
    case .dataWithoutLayer: "data-without-layer"
    case .layerWithoutData: "layer-without-data"
    case .incompleteLayer: "incomplete-layer"
    case .lostKey: "key"
    case .lostKeyLink: "key-link"
    case .lostOrigin: "lost-origin"
    case .abandoned: "abandoned"
    case .counterBehind: "counter"
    case .rootMode: "root-mode"
    case .mounted: "mounted"
    case .changedLayer: "changed-layer"
    case .changedFile(_, let change): Self.name(change.kind)
    case .oddity(_, .foreignOwner): "foreign-owner"
    case .oddity(_, .misleadingAttribute): "attribute"
    case .unflushed: "unflushed"
    case .unreadable: "unreadable"
    case .unreadableOthers: "unreadable-others"
    }
  }

  private static func name(_ kind: FileChange.Kind) -> String {
    switch kind {
    case .missing: "file-missing"
    case .added: "file-added"
    case .emptied: "file-empty"
    case .size: "file-size"
    case .kind: "file-kind"
    case .mode: "file-mode"
    case .contents: "file-contents"
    }
  }

  /// In one line.
  var text: String {
    let what = finding.image.map { "image \($0.number): " } ?? "\(finding.path.printable): "
    return switch finding {
    case .foreignName: what + "does not belong to the store"
    case .closedFolder: what + "its mode keeps its owner out"
    case .danglingLink: what + "leads nowhere"
    case .misledLink(let path, let image): "\(path.printable): leads not to where image \(image.id.number) is"
    case .notIndexed: what + "is not in the index"
    case .lostPlace(let image): what + "its folder \(image.path.printable) is missing"
    case .secondPlace(let image, let place, true):
      what + "is in \(image.path.printable) too; the index leads to \(place.path.printable)"
    case .secondPlace(let image, let place, false):
      what + "is in \(image.path.printable) and in \(place.path.printable); delete the folder that is a copy"
    case .lostDataLink: what + "\(finding.path.printable) does not lead to its data"
    case .dataWithoutLayer: what + "belongs to no image"
    case .layerWithoutData: what + "its data are gone; delete it: plash rm \(finding.image?.number ?? 0)"
    case .incompleteLayer(_, let missing): what + "has no \(missing.printable)"
    case .lostKey(_, nil): what + "its key is lost; it can get a new one, and what was built on it is built anew"
    case .lostKey: what + "its key is lost, but known to the cache"
    case .lostKeyLink: what + "the cache does not find it"
    case .lostOrigin(let id, let origin): "layer \(id.number): image \(origin.number), whose files it has, is gone"
    case .abandoned: what + "was left by a process that died"
    case .counterBehind(let id): "id_counter: is behind image \(id.number)"
    case .rootMode(_, let mode, let made?):
      what + "its root directory has mode \(octal(mode)) instead of \(octal(made))"
    case .rootMode(_, let mode, nil): what + "its root directory has mode \(octal(mode)), which locks its owner out"
    case .mounted(_, let path): what + "something is mounted on \(path.printable); unmount it"
    case .changedLayer: what + "its files are not those that were put in"
    case .changedFile(_, let change): what + "\(change.path.printable) \(words(change.kind))"
    case .oddity(_, .foreignOwner(let path)):
      what + "\(path.printable) belongs to none of your ids\(NamespaceWords.need(ids))"
    case .oddity(_, .misleadingAttribute(let path, let name)):
      what + "\(path.printable) has the attribute \(name.printable), which no layer has"
    case .unflushed: what + "was made with PLASH_SYNC=0 and may not be on disk"
    case .unreadable(let error, _):
      (finding.image == nil ? "" : what) + ReportWords.words(error)
        + (error.isRefusal ? NamespaceWords.need(ids) : "")
    case .unreadableOthers(_, let count): what + "\(count) more of its files cannot be read"
    }
  }

  private func words(_ kind: FileChange.Kind) -> String {
    switch kind {
    case .missing: "is missing"
    case .added: "was not put in"
    case .emptied(let size): "is empty; it had \(size) bytes"
    case .size(let size, let old): "has \(size) bytes instead of \(old)"
    case .kind: "is something else than what was put in: a file, a directory, a link, a device"
    case .mode(let mode, let old): "has mode \(octal(mode)) instead of \(octal(old))"
    case .contents: "has other contents than at the last look"
    }
  }

  private func octal(_ mode: UInt32) -> String { String(mode, radix: 8) }
}
