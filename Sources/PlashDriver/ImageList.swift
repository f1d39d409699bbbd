internal import Glibc
public import PlashRuntime

/// The images of a store and what is known of them.
public struct ImageList {
  struct Row {
    let image: Image
    let details: LayerDetails
    let names: [Bytes]

    var size: UInt64 { details.manifest?.bytes ?? 0 }
  }

  let session: Session
  let rows: [Row]

  /// What is in the session's store now.
  public init(_ session: Session) throws(DriverError) {
    self.session = session
    let store = try session.store()
    rows = try driving { () throws(StoreError) in
      let names = try store.names()
      var rows: [Row] = []
      for image in try store.images() {
        guard let details = try? store.details(of: image) else { continue }
        rows.append(Row(image: image, details: details, names: names.filter { $0.image == image }.map(\.name)))
      }
      return rows
    }
  }

  /// How many there are.
  public var count: Int { rows.count }

  func row(of image: Image) throws(DriverError) -> Row {
    guard let row = rows.first(where: { $0.image == image }) else { throw .store(.unknownImage(image.id)) }
    return row
  }

  /// The least recently used images that nothing else stands on, as many as wanted if there are that many. What is built
  /// on a chosen image is chosen before it.
  public func leastUsed(_ count: Int, where isEligible: (Image) -> Bool = { _ in true }) throws(DriverError) -> [Image]
  {
    let used = Set(try session.store().used().keys)
    var remaining = rows.filter { !used.contains($0.image.id) }
    var blocked = Set(rows.filter { used.contains($0.image.id) }.flatMap(\.image.lineage))
    var chosen: [Image] = []
    while chosen.count < count {
      let parents = Set(remaining.map(\.image.parent.id))
      let leaves = remaining.filter { row in
        !parents.contains(row.image.id) && !blocked.contains(row.image.id) && isEligible(row.image)
      }
      guard let next = leaves.min(by: { ($0.details.used, $0.image.id) < ($1.details.used, $1.image.id) }) else {
        break
      }
      chosen.append(next.image)
      remaining.removeAll { $0.image == next.image }
      blocked.remove(next.image.id)
    }
    return chosen
  }

  /// Deletes images, in this order. One that came into use meanwhile is left.
  public func remove(_ images: [Image]) throws(DriverError) {
    for image in images {
      do {
        try session.remove(image)
      } catch .store(.inUse) {
      } catch .store(.unknownImage) {}
    }
  }

  /// The images that `prune` is to delete.
  public func selection(_ options: PruneOptions) throws(DriverError) -> [Image] {
    let limit = time(nil) - options.age
    let named = Set(rows.filter { !$0.names.isEmpty }.map(\.image))
    var chosen = try leastUsed(.max) { image in
      !named.contains(image) && (rows.first { $0.image == image }?.details.used ?? .max) < limit
    }
    guard let size = options.size else { return chosen }
    var total = rows.reduce(0) { $0 + $1.size } - chosen.reduce(0) { $0 + self.size($1) }
    for image in try leastUsed(.max, where: { !named.contains($0) }) where total > size && !chosen.contains(image) {
      chosen.append(image)
      total -= self.size(image)
    }
    return chosen
  }

  private func size(_ image: Image) -> UInt64 { rows.first { $0.image == image }?.size ?? 0 }
}
