internal import Glibc
public import PlashRuntime

/// The images of a store and what is known of them.
public struct ImageList {
  struct Row {
    let image: Image
    let parent: ImageID
    let details: LayerDetails
    let names: [Bytes]
    /// Or one that it stands on is.
    let isDamaged: Bool

    var maker: Bytes { isDamaged ? Bytes("damaged, see: plash fsck") : details.origin }
    var size: UInt64 { details.manifest?.bytes ?? 0 }
  }

  let session: Session
  let rows: [Row]

  /// What is in the session's store now.
  public init(_ session: Session) throws(DriverError) {
    let store = try session.store()
    self.init(session, store, try driving { () throws(StoreError) in (try store.images(), try store.names()) })
  }

  /// An image and those that it was built on alone.
  public init(_ session: Session, lineageOf image: Image) throws(DriverError) {
    let store = try session.store()
    let found = try driving { () throws(StoreError) in
      var images: [Image] = []
      var next = image
      while next != .empty {
        images.insert(next, at: 0)
        next = try store.parent(of: next)
      }
      return (images, try store.names())
    }
    self.init(session, store, found)
  }

  private init(
    _ session: Session, _ store: ImageStore, _ found: (images: [Image], names: [(name: Bytes, image: Image)])
  ) {
    self.session = session
    let names = Dictionary(grouping: found.names, by: \.image.id).mapValues { $0.map(\.name) }
    var damaged: Set<ImageID> = []
    rows = found.images.compactMap { image in
      guard let details = store.details(of: image) else { return nil }
      let parent = ((try? store.parent(of: image)) ?? image.below).id
      let isDamaged = details.isDamaged || damaged.contains(parent)
      if isDamaged { damaged.insert(image.id) }
      return Row(image: image, parent: parent, details: details, names: names[image.id] ?? [], isDamaged: isDamaged)
    }
  }

  /// The half that is to go when the store is to shrink, in this order.
  public func olderHalf() throws(DriverError) -> [Image] { try leastUsed(rows.count / 2) }

  func row(of image: Image) throws(DriverError) -> Row {
    guard let row = rows.first(where: { $0.image == image }) else { throw .store(.unknownImage(image.id)) }
    return row
  }

  /// The least recently used images that nothing else stands on, as many as wanted if there are that many. What is built
  /// on a chosen image is chosen before it. What is damaged stays: it may be put right.
  func leastUsed(_ count: Int, where isEligible: (Row) -> Bool = { _ in true }) throws(DriverError) -> [Image] {
    let store = try session.store()
    let used = try driving { () throws(SystemError) in try store.used() }
    var children: [ImageID: Int] = [:]
    for row in rows { children[row.parent, default: 0] += 1 }
    var remaining = rows.filter { used[$0.image.id] == nil && !$0.isDamaged && isEligible($0) }
      .sorted { ($0.details.used, $0.image.id) < ($1.details.used, $1.image.id) }
    var chosen: [Image] = []
    while chosen.count < count, let next = remaining.firstIndex(where: { children[$0.image.id] == nil }) {
      let row = remaining.remove(at: next)
      chosen.append(row.image)
      children[row.parent] = children[row.parent] == 1 ? nil : children[row.parent].map { $0 - 1 }
    }
    return chosen
  }

  /// Deletes images, in this order. One that came into use meanwhile, was used, got a name, or has something built on it now,
  /// is left. Gives those that were deleted.
  @discardableResult
  public func remove(_ images: [Image]) throws(DriverError) -> [Image] {
    let store = try session.store()
    var removed: [Image] = []
    for image in images {
      let row = try row(of: image)
      var isUnchanged = false
      do {
        try session.remove(image) { family in
          isUnchanged =
            family.allSatisfy { $0 == image || store.flattened(by: $0.id) == image.id }
            && store.details(of: image)?.used == row.details.used
            && (try? store.names())?.filter { $0.image == image }.map(\.name) == row.names
          return isUnchanged
        }
        if isUnchanged { removed.append(image) }
      } catch .store(.inUse) {
      } catch .store(.unknownImage) {}
    }
    return removed
  }

  /// The images that `prune` is to delete.
  public func selection(_ options: PruneOptions) throws(DriverError) -> [Image] {
    let limit = time(nil) - options.age
    var chosen = try leastUsed(.max) { $0.names.isEmpty && $0.details.used < limit }
    guard let size = options.size else { return chosen }
    let sizes = Dictionary(uniqueKeysWithValues: rows.map { ($0.image, $0.size) })
    let old = Set(chosen)
    var total = rows.reduce(0) { $0 + $1.size } - chosen.reduce(0) { $0 + (sizes[$1] ?? 0) }
    for image in try leastUsed(.max, where: { $0.names.isEmpty }) where total > size && !old.contains(image) {
      chosen.append(image)
      total -= sizes[image] ?? 0
    }
    return chosen
  }
}
