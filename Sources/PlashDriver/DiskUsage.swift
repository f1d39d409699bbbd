public import PlashRuntime

/// What the images take on disk.
public struct DiskUsage {
  private let images: ImageList
  private let free: UInt64
  private let flatImages: Int

  /// Of the session's store, now.
  public init(_ session: Session) throws(DriverError) {
    images = try ImageList(session)
    let store = try session.store()
    free = try driving { () throws(SystemError) in try FileSystem.freeBytes(at: store.path) }
    flatImages = try driving { () throws(StoreError) in try store.flatImageCount() }
  }

  private var total: UInt64 { Self.size(of: images.rows) }

  /// For people to read.
  public var table: Bytes {
    let bases = images.families.map { base, family in
      return [
        "\(base.image.id.number)", "\(family.count)", TextTable.size(Self.size(of: family)),
        (base.names.first ?? base.details.origin).printable,
      ]
    }
    let flat = flatImages == 0 ? [] : [["flat", "\(flatImages)", "0B", "hard links, for layers beyond the 499th"]]
    return TextTable.text(
      [["BASE", "IMAGES", "SIZE", "NAME"]] + bases + flat
        + [["all", "\(images.rows.count)", TextTable.size(total), "\(TextTable.size(free)) free on the disk"]])
  }

  /// The numbers, in bytes.
  public var json: Bytes {
    JSON.object([
      ("images", .number(images.rows.count)), ("size", .number(Int(total))), ("free", .number(Int(free))),
      ("flat_images", .number(flatImages)),
      (
        "bases",
        .array(
          images.families.map { base, family in
            .object([
              ("id", .number(Int(base.image.id.number))), ("images", .number(family.count)),
              ("size", .number(Int(Self.size(of: family)))), ("names", .array(base.names.map { .string($0) })),
            ])
          })
      ),
    ]).text
  }

  private static func size(of rows: [ImageList.Row]) -> UInt64 { rows.reduce(0) { $0 + $1.size } }
}
