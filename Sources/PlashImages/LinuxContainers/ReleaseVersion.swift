internal import PlashRuntime

/// Which release is the newer one.
struct ReleaseVersion: Comparable {
  /// Released ones before those that are always in the making; numbered ones before others; by the numbers then.
  private let isStable: Bool
  private let numbers: [Int]

  init(_ release: Bytes, of distribution: Bytes) {
    isStable = !ReleaseVersion.unstable.contains(release) && !CodeName.isInTheMaking(release, distribution)
    let version = CodeName.version(of: release, distribution) ?? release
    // As in `9-Stream`, `3.23`, `24.04`.
    let digits = version.prefix { (0x30...0x39).contains($0) || $0 == 0x2E }
    numbers = digits.split(separator: 0x2E).compactMap { TarNumber.decimal($0) }
  }

  static func < (left: ReleaseVersion, right: ReleaseVersion) -> Bool {
    if left.isStable != right.isStable { return right.isStable }
    return left.numbers.lexicographicallyPrecedes(right.numbers)
  }

  private static let unstable: Set<Bytes> = [
    Bytes("edge"), Bytes("sid"), Bytes("testing"), Bytes("devel"), Bytes("unstable"), Bytes("rawhide"),
    Bytes("snapshot"), Bytes("tumbleweed"), Bytes("cauldron"), Bytes("ceres"),
  ]
}
