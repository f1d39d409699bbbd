internal import CPlashShims
internal import Glibc

extension ContainerError {
  /// The same, or what is behind it: a set-up that fails where others succeed tells of the kernel or of the file system
  /// that the store is on.
  func diagnosed(for spec: ContainerSpec) -> ContainerError {
    guard case .setup(let error, _) = self else { return self }
    if KernelVersion.current < KernelVersion(major: 5, minor: 12) {
      return .kernelTooOld(release: KernelVersion.release)
    }
    if error.code == ENOSYS { return .callMissing(error.call) }
    if error.code == ENOENT, let store = try? Descriptor.open(spec.store),
      let lost = spec.image.lineage.first(where: { !FileSystem.exists(ContainerSpec.files(of: $0), at: store.number) })
    {
      return .damaged(lost)
    }
    if error.code == EPERM || error.code == EACCES, NamespaceError.isRestrictedByAppArmor {
      return .namespace(.forbiddenByAppArmor)
    }
    let isOverlay = ["fsmount", "fsconfig", "mount"].contains(error.call)
    guard isOverlay, error.code == EINVAL || error.code == EOPNOTSUPP else { return self }
    if case .folders(let files, _) = spec.changes, let name = Self.unsuitable(files) {
      return .unsuitableFolder(path: files, fileSystem: name)
    }
    return Self.unsuitable(spec.store).map { .unsuitableStore(path: spec.store, fileSystem: $0) } ?? self
  }

  private static func unsuitable(_ path: Bytes) -> String? {
    let folder = try? Descriptor.open(path, O_RDONLY | O_DIRECTORY)
    guard let folder else { return nil }
    return unsuitable[plash_filesystem_type(folder.number)]
  }

  /// File systems that cannot hold the changes of an overlay, by their numbers in <linux/magic.h>.
  private static let unsuitable: [Int64: String] = [
    0x794C_7630: "overlayfs", 0x6573_5546: "FUSE", 0x6969: "NFS", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB",
    0x4D44: "vfat", 0x0102_1997: "9p",
  ]
}
