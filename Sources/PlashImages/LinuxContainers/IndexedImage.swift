public import PlashRuntime

/// An image that a server has, as a line of its index tells.
public struct IndexedImage: Equatable, Sendable {
  /// As `alpine`.
  public let distribution: Bytes
  /// As `3.23` or `bookworm`.
  public let release: Bytes
  /// As `amd64`.
  public let architecture: Bytes
  /// As a rule `default`.
  public let variant: Bytes
  /// When it was built: `YYYYMMDD_HH:MM`, UTC.
  public let serial: Bytes
  /// Its folder on the server, with a slash at both ends.
  let path: Bytes

  /// Nil: the line makes no sense.
  init?(line: some Sequence<UInt8>) {
    let fields = Array(line).split(separator: 0x3B, omittingEmptySubsequences: false).map { Bytes($0) }
    guard fields.count == 6, fields.allSatisfy({ $0.allSatisfy(IndexedImage.isPlain) && !$0.isEmpty }) else {
      return nil
    }
    guard fields[5].starts(with: Bytes("/images/")), !fields[5].split(separator: 0x2F).contains(Bytes("..")[...]),
      fields[4].count == 14, fields[4].prefix(8).allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    // What stands between the parts of a name cannot be in one.
    guard fields[..<4].allSatisfy({ !$0.contains(0x2F) && !$0.contains(0x3A) }) else { return nil }
    (distribution, release, architecture) = (fields[0], fields[1], fields[2])
    (variant, serial) = (fields[3], fields[4])
    path = fields[5].last == 0x2F ? fields[5] : fields[5] + [0x2F]
  }

  /// What a user types to get this one: the variant only where it is not the usual one.
  public var name: Bytes {
    let name = distribution + [0x3A] + release
    return variant == Bytes("default") ? name : name + [0x3A] + variant
  }

  /// The image of this exact name. Nil: it is none.
  init?(exactName: Bytes) {
    let folder = exactName.map { $0 == 0x3B ? 0x2F : $0 }
    self.init(line: exactName + Bytes(";/images/") + folder + [0x2F])
  }

  /// What this very build is called, and no other: `alpine;3.23;amd64;default;20261123_13:00`.
  public var exactName: Bytes {
    Bytes([distribution, release, architecture, variant, serial].joined(separator: [0x3B]))
  }

  /// Letters, digits and what else stands in such names; nothing that means something in an URL or on a terminal.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x2F, 0x3A, 0x5F, 0x7E: true
    default: false
    }
  }
}
