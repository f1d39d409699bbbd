internal import PlashRuntime

/// Releases that the index knows by a name and people by a number too. The index does not tell which belongs to which.
enum CodeName {
  /// As `12` for `bookworm` of Debian.
  static func version(of release: Bytes, _ distribution: Bytes) -> Bytes? {
    known[distribution]?.first { $0.name == release }?.version
  }

  /// As `bookworm` for `12` of Debian.
  static func name(of version: Bytes, _ distribution: Bytes) -> Bytes? {
    known[distribution]?.first { $0.version == version }?.name
  }

  /// Debian and Devuan name releases years before they are there; the next one is built all the time.
  static func isInTheMaking(_ release: Bytes, _ distribution: Bytes) -> Bool {
    guard let newest = newestStable[distribution], let releases = known[distribution] else { return false }
    let names = releases.map(\.name)
    guard let index = names.firstIndex(of: release), let last = names.firstIndex(of: newest) else { return false }
    return index > last
  }

  private static let newestStable = [Bytes("debian"): Bytes("trixie"), Bytes("devuan"): Bytes("excalibur")]

  private typealias Release = (version: Bytes, name: Bytes)

  private static let known: [Bytes: [Release]] = [
    Bytes("debian"): [
      (Bytes("10"), Bytes("buster")), (Bytes("11"), Bytes("bullseye")), (Bytes("12"), Bytes("bookworm")),
      (Bytes("13"), Bytes("trixie")), (Bytes("14"), Bytes("forky")), (Bytes("15"), Bytes("duke")),
    ],
    Bytes("ubuntu"): [
      (Bytes("20.04"), Bytes("focal")), (Bytes("22.04"), Bytes("jammy")), (Bytes("24.04"), Bytes("noble")),
      (Bytes("24.10"), Bytes("oracular")), (Bytes("25.04"), Bytes("plucky")), (Bytes("25.10"), Bytes("questing")),
      (Bytes("26.04"), Bytes("resolute")),
    ],
    Bytes("mint"): [
      (Bytes("21"), Bytes("vanessa")), (Bytes("21.1"), Bytes("vera")), (Bytes("21.2"), Bytes("victoria")),
      (Bytes("21.3"), Bytes("virginia")), (Bytes("22"), Bytes("wilma")), (Bytes("22.1"), Bytes("xia")),
      (Bytes("22.2"), Bytes("zara")),
    ],
    Bytes("devuan"): [
      (Bytes("4"), Bytes("chimaera")), (Bytes("5"), Bytes("daedalus")), (Bytes("6"), Bytes("excalibur")),
      (Bytes("7"), Bytes("freia")),
    ],
  ]
}
