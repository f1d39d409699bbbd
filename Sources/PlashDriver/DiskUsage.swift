public import PlashRuntime

/// What the images take on disk.
public struct DiskUsage {
  private let images: ImageList
  private let free: UInt64

  /// Of the session's store, now.
  public init(_ session: Session) throws(DriverError) {
    images = try ImageList(session)
    let store = try session.store()
    free = try driving { () throws(SystemError) in try FileSystem.freeBytes(at: store.path) }
  }

  private var total: UInt64 { images.rows.reduce(0) { $0 + $1.size } }

  /// For people to read.
  public var table: Bytes {
    let bases = images.families.map { base, family in
      return [
        "\(base.image.id.number)", "\(family.count)", TextTable.size(family.reduce(0) { $0 + $1.size }),
        (base.names.first ?? base.details.origin).printable,
      ]
    }
    return TextTable.text(
      [["BASE", "IMAGES", "SIZE", "NAME"]] + bases
        + [["all", "\(images.rows.count)", TextTable.size(total), "\(TextTable.size(free)) free on the disk"]])
  }

  /// The numbers, in bytes.
  public var json: Bytes {
    JSON.object([
      ("images", .number(images.rows.count)), ("bytes", .number(Int(total))), ("free", .number(Int(free))),
    ]).text
  }
}
