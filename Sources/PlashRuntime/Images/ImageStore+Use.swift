internal import CPlashShims
internal import Glibc

extension ImageStore {
  /// What `df` shows as the source of a root file system of this store: it tells whose layers a mount stands on.
  func mountName(of image: Image) -> Bytes { mountPrefix + image.id.digits }

  private var mountPrefix: Bytes { Bytes("plash-\(identity)-".utf8) }

  /// Keeps the image from being deleted while the value lives. Nil if it is gone already.
  public func hold(_ image: Image) throws(StoreError) -> ImageHold? {
    try storing { () throws(SystemError) in try hold(image, isUse: true) }
  }

  /// The same, or the error that there is no such image, or that it is damaged.
  public func requiredHold(_ image: Image) throws(StoreError) -> ImageHold {
    guard let hold = try hold(image) else { throw absence(of: image.id) }
    return hold
  }

  /// The same as `hold`; what is no use does not count for `prune`.
  func hold(_ image: Image, isUse: Bool) throws(SystemError) -> ImageHold? {
    do {
      let folder = try Descriptor.open(image.id.data, at: root.number, O_RDONLY | O_DIRECTORY)
      try folder.lock(exclusive: false, waiting: true)
      guard FileSystem.exists(image.path, at: root.number) else { return nil }
      if isUse { Self.noteUse(of: folder) }
      return ImageHold(folder)
    } catch  where error.code == ENOENT {
      return nil
    }
  }

  /// The image whose last layer has `key`, on hold; nil if there is none, or no more.
  func heldImage(key: LayerKey) throws(StoreError) -> HeldImage? {
    guard let image = try image(key: key), let hold = try hold(image) else { return nil }
    return HeldImage(image: image, hold: hold)
  }

  /// The image is used now, as far as `prune` is concerned. `hold` says so by itself.
  public func noteUse(of image: Image) {
    guard let folder = try? open(folder: image.id.data) else { return }
    Self.noteUse(of: folder)
  }

  /// The time of the last use is that of the folder; to a minute is exact enough.
  private static func noteUse(of folder: borrowing Descriptor) {
    guard let status = try? folder.status(), !(0..<60 ~= time(nil) - status.st_mtim.tv_sec) else { return }
    futimens(folder.number, nil)
  }

  /// The images that containers stand on. Containers are told by their mounts, which live as long as anything in them
  /// does, and whoever has mounted something on a layer uses that. Where not all processes can be seen, the marks of other pid namespaces count as containers.
  public func used() throws(SystemError) -> [ImageID: ImageUser] {
    if !FileSystem.exists(Bytes("/proc/self/mountinfo"), at: AT_FDCWD) { return try marked(except: []) }
    let processes = try Descriptor.open(Bytes("/proc"), O_RDONLY | O_DIRECTORY)
    var used: [ImageID: ImageUser] = [:]
    var known: Set<Bytes> = []
    var namespaces: Set<Bytes> = []
    var hasMissed = true
    while hasMissed {
      hasMissed = false
      let names = try processes.entries().filter { $0.allSatisfy { 0x30...0x39 ~= $0 } }
      for process in names where known.insert(process).inserted {
        // From inside another user namespace the names of namespaces cannot be read, but the mounts can.
        let namespace = try? FileSystem.readLink(process + Bytes("/ns/mnt"), at: processes.number)
        if let namespace, namespaces.contains(namespace) { continue }
        guard let mounts = try mounts(of: process, in: processes) else {
          // It has ended, and may have left a child that is in no list of before.
          hasMissed = true
          continue
        }
        // What a process sees that has changed its root is not all that is mounted, and it could stand on any image.
        let seesAll = hasRoot(mounts)
        let isAnywhere = !seesAll && couldStandAnywhere(process, in: processes)
        for id in isAnywhere ? try imagesWithData() : images(in: mounts).map(\.id) { used[id] = .process(process) }
        if let namespace, seesAll { namespaces.insert(namespace) }
      }
    }
    if !PIDNamespace.showsEverything(processes.number) {
      let visible = Set(known.compactMap { PIDNamespace(of: $0, in: processes.number) })
      used.merge(try marked(except: visible)) { process, _ in process }
    }
    // Every process that sees such a mount looks like its user. The root is that of the container around this process.
    for (id, place) in images(in: try FileSystem.content(of: Bytes("/proc/self/mountinfo"))) where place != [0x2F] {
      used[id] = .mountPoint(place)
    }
    for (id, path) in try StoreMounts.find(in: self) { used[id] = .mount(absolute(path)) }
    return used
  }

  /// What is mounted as a process sees it, or any of its threads: the first one may have ended. Nil if all have; nothing
  /// if it cannot be looked at, as those of ours can.
  private func mounts(of process: Bytes, in processes: borrowing Descriptor) throws(SystemError) -> Bytes? {
    if let mounts = try mounts(ofThread: process, in: processes) { return mounts }
    let threads = process + Bytes("/task")
    guard let names = try? Descriptor.open(threads, at: processes.number, O_RDONLY | O_DIRECTORY).entries() else {
      return nil
    }
    for name in names {
      if let mounts = try mounts(ofThread: threads + [0x2F] + name, in: processes) { return mounts }
    }
    return nil
  }

  private func mounts(ofThread folder: Bytes, in processes: borrowing Descriptor) throws(SystemError) -> Bytes? {
    do throws(SystemError) {
      return try FileSystem.content(of: folder + Bytes("/mountinfo"), at: processes.number)
    } catch  where [ENOENT, ESRCH, EINVAL].contains(error.code) {
      return nil
    } catch  where error.isRefusal {
      return []
    }
  }

  /// Whether one of the mounts of a mountinfo file is the root: `ID PARENT DEVICE ROOT / ...`.
  private func hasRoot(_ mounts: Bytes) -> Bool {
    mounts.split(separator: 0x0A).contains { $0.split(separator: 0x20, maxSplits: 5).dropFirst(4).first == [0x2F] }
  }

  /// Whether the root of a process is inside of an overlay, as far as can be seen.
  private func couldStandAnywhere(_ process: Bytes, in processes: borrowing Descriptor) -> Bool {
    let overlay: Int64 = 0x794C_7630
    if let root = try? Descriptor.open(process + Bytes("/root"), at: processes.number, O_RDONLY | O_DIRECTORY) {
      return plash_filesystem_type(root.number) == overlay
    }
    // From inside another user namespace it cannot be opened. Who has no id there, the kernel's overflow id, is nobody of ours.
    guard let owner = try? FileSystem.status(process, at: processes.number).st_uid else { return false }
    return owner == geteuid() || (geteuid() == 0 && owner != 65534)
  }

  /// The images that have the mark of another namespace than these and this process's.
  private func marked(except visible: Set<PIDNamespace>) throws(SystemError) -> [ImageID: ImageUser] {
    let known = visible.union(PIDNamespace.current.map { [$0] } ?? [])
    var marked: [ImageID: ImageUser] = [:]
    for id in try imagesWithData() {
      // Deleted meanwhile.
      guard let folder = try? open(folder: id.data) else { continue }
      let mark = try folder.entries().first { PIDNamespace(mark: $0).map { !known.contains($0) } ?? false }
      if let mark { marked[id] = .unseenNamespace(mark: absolute(id.data + [0x2F] + mark)) }
    }
    return marked
  }

  /// The images whose mounts are in the text of a mountinfo file, and where: `... - overlay SOURCE OPTIONS`.
  private func images(in mounts: Bytes) -> [(id: ImageID, place: Bytes)] {
    let overlay = Bytes(" - overlay ") + mountPrefix
    return mounts.split(separator: 0x0A).compactMap { line in
      guard let start = Bytes(line).range(of: overlay)?.upperBound, let place = StoreMounts.mountPoint(line),
        let id = ImageID(Bytes(line)[start...].prefix { 0x30...0x39 ~= $0 })
      else { return nil }
      return (id, place)
    }
  }
}
