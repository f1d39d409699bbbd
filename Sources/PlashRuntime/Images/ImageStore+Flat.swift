internal import Glibc

/// More layers than the kernel stacks: the next one is put on a flat image, a layer with all files of what would be its
/// parent. Flat images have no name and are in no list. To everybody else parents are those that layers were built on.
extension ImageStore {
  /// What a new layer on an image is put on. The hold keeps a flat image until the layer is there.
  struct Seat: ~Copyable {
    let image: Image
    fileprivate let hold: ImageHold?
  }

  /// The image itself if a layer fits on it, else its flat image, which is made if there is none yet. Making one takes
  /// rights over the user's subordinate ids.
  func seat(on image: Image) throws(StoreError) -> Seat {
    guard image.isFull else { return Seat(image: image, hold: nil) }
    let key = LayerKey(flattening: try key(of: image))
    while true {
      let flat = try flatten(image, as: key)
      // Nobody stood on it for a moment, and it was deleted: then once more.
      if let hold = try hold(flat) { return Seat(image: flat, hold: hold) }
    }
  }

  private func flatten(_ image: Image, as key: LayerKey) throws(StoreError) -> Image {
    let workspace = try makeWorkspace(for: key)
    do throws(StoreError) {
      if let flat = try self.image(key: key) {
        try? workspace.remove()
        return flat
      }
      let layers = try openLayers(of: image)
      try storing { () throws(SystemError) in
        try workspace.makeLayer()
        try LayerMerge.merge(layers, into: workspace.openLayerRoot())
      }
    } catch {
      try? workspace.remove()
      throw error
    }
    var record = LayerRecord(key: key, origin: Bytes("flatten"))
    record.flattens = image.id
    return try commit(workspace, on: .empty, record).image
  }

  /// The image that an image was built on; the empty one for a base.
  public func parent(of image: Image) throws(StoreError) -> Image {
    guard image.below.lineage.count == 1, let id = flattened(by: image.below.id) else { return image.below }
    return try self.image(id.digits)
  }

  /// The image whose files the flat image `id` has; nil for any other image.
  public func flattened(by id: ImageID) -> ImageID? {
    (try? FileSystem.content(of: id.data + Bytes("/flattens"), at: root.number)).flatMap { ImageID($0) }
  }

  /// All flat images and what they are made of.
  func flatImages() throws(SystemError) -> [(flat: Image, of: ImageID)] {
    try open(folder: Image.empty.path).entries().compactMap { ImageID($0) }.sorted().compactMap { id in
      flattened(by: id).map { (Image(lineage: [id]), $0) }
    }
  }

  /// How many there are. Their files are those of other layers.
  public func flatImageCount() throws(StoreError) -> Int {
    try storing { () throws(SystemError) in try flatImages().count }
  }

  /// Deletes flat images that nothing stands on any more.
  func removeIdleFlatImages() throws(StoreError) {
    try storing { () throws(SystemError) in
      for (flat, _) in try flatImages() {
        let data = try open(folder: flat.id.data)
        guard try data.lock(exclusive: true, waiting: false), try Self.layers(in: flat.path, at: root.number).isEmpty,
          try hiddenImagesAreIdle()
        else { continue }
        try removeKey(of: flat.id)
        try FileSystem.removeTree(flat.path, at: root.number)
        try FileSystem.removeTree(flat.id.data, at: root.number)
      }
    }
  }
}
