internal import Glibc

extension ImageStore {
  /// What `df` shows as the source of a root file system of this store: it tells whose layers a mount stands on.
  func mountName(of image: Image) -> Bytes { mountPrefix + image.id.digits }

  private var mountPrefix: Bytes { Bytes("plash-\(identity)-".utf8) }

  /// Keeps the image from being deleted while the value lives. Nil if it is gone already.
  public func hold(_ image: Image) throws(StoreError) -> ImageHold? {
    do throws(SystemError) {
      let folder = try Descriptor.open(image.id.data, at: root.number, O_RDONLY | O_DIRECTORY)
      try folder.lock(exclusive: false, waiting: true)
      guard FileSystem.exists(image.path, at: root.number) else { return nil }
      Self.noteUse(of: folder)
      return ImageHold(folder)
    } catch  where error.code == ENOENT {
      return nil
    } catch {
      throw .system(error)
    }
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

  /// The images that containers stand on, each with the pid of one of its processes. Containers are told by their mounts,
  /// which live as long as anything in them does. To be asked before this process has a user namespace of its own: from
  /// inside, the kernel shows it no other containers.
  public func used() -> [ImageID: Bytes] {
    guard let processes = try? Descriptor.open(Bytes("/proc"), O_RDONLY | O_DIRECTORY) else { return [:] }
    var seen: Set<Bytes> = []
    var used: [ImageID: Bytes] = [:]
    for process in (try? processes.entries()) ?? [] where process.allSatisfy({ 0x30...0x39 ~= $0 }) {
      let namespace = try? FileSystem.readLink(process + Bytes("/ns/mnt"), at: processes.number)
      guard let namespace, seen.insert(namespace).inserted else { continue }
      let mounts = (try? FileSystem.content(of: process + Bytes("/mountinfo"), at: processes.number)) ?? []
      for id in images(in: mounts) { used[id] = process }
    }
    return used
  }

  /// The images whose mounts are in the text of a mountinfo file: `... - overlay SOURCE OPTIONS`.
  private func images(in mounts: Bytes) -> [ImageID] {
    let overlay = Bytes(" - overlay ") + mountPrefix
    return mounts.split(separator: 0x0A).compactMap { line in
      let line = Bytes(line)
      guard let start = line.range(of: overlay)?.upperBound else { return nil }
      return ImageID(line[start...].prefix { 0x30...0x39 ~= $0 })
    }
  }
}
