/// The keys of layers and the links of the cache that lead to them.
extension StoreCheck {
  /// A layer without a key has the one that leads to it from the cache, if there is just one, and it is what the layer's
  /// script makes of its parent. A key that it does not make, and that leads to it from nowhere, is another layer's.
  mutating func readKeys() throws(SystemError) {
    for id in places.keys { keys[id] = LayerKey(hex: content("key", of: id)) }
    for (id, image) in places.sorted(by: { $0.key < $1.key }) {
      guard let key = keys[id], linked(Bytes("key/") + key.hex)?.id != id else { continue }
      if !isPossible(key, for: image) { wrongKeys.insert(id) }
    }
    for id in wrongKeys { keys[id] = nil }
    let lost = Set(places.keys.filter { keys[$0] == nil })
    if lost.isEmpty { return }
    var known: [ImageID: [LayerKey]] = [:]
    for name in try store.open(folder: Bytes("key")).entries() {
      guard let key = LayerKey(hex: name), let image = linked(Bytes("key/") + name), places[image.id] == image,
        lost.contains(image.id), isPossible(key, for: image)
      else { continue }
      known[image.id, default: []].append(key)
    }
    for (id, candidates) in known where candidates.count == 1 { keys[id] = candidates[0] }
  }

  /// Whether the key can be that of the layer; not to be told where no script made it.
  private func isPossible(_ key: LayerKey, for image: Image) -> Bool {
    let script = content("script", of: image.id)
    guard !script.isEmpty, let parent = try? store.parent(of: image).id, let base = keys[parent] else { return true }
    return [true, false].contains { LayerKey(parent: base, script: script, emulatingRoot: $0) == key }
  }

  mutating func checkKey(of image: Image) {
    if ambiguous.contains(image.id) { return }
    guard !wrongKeys.contains(image.id), let key = LayerKey(hex: content("key", of: image.id)) else {
      findings.append(.lostKey(image, keys[image.id]))
      return
    }
    // Two layers of one key can be there; the cache has one of them. A link to a wrong place is told with the links.
    let found = linked(Bytes("key/") + key.hex).map { places[$0.id] != nil && keys[$0.id] == key } ?? false
    if !found { findings.append(.lostKeyLink(image, key)) }
  }

  private func content(_ name: StaticString, of id: ImageID) -> Bytes {
    (try? FileSystem.content(of: id.data + [0x2F] + Bytes(name), at: store.root.number)) ?? []
  }
}
