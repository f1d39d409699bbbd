public import PlashRuntime

/// Which image an import is to give. Of the processes that want the same one, one imports.
public enum WantedImage: Sendable {
  /// The image of this name; it is imported only if none has it.
  case named(Bytes)
  /// What the source gives now, which gets this name.
  case refreshed(Bytes)
  /// The image whose key a lock file tells.
  case locked(LayerKey)
  /// What the source gives now for these words, without a name.
  case asked([Bytes])

  /// Who imports is found out under this name.
  var turn: LayerKey {
    switch self {
    case .named(let name), .refreshed(let name): LayerKey(base: name, source: Bytes("import under way"))
    case .locked(let key): LayerKey(base: key.hex, source: Bytes("locked import under way"))
    case .asked(let words):
      LayerKey(base: Bytes(words.joined(separator: [0])), source: Bytes("asked import under way") + Self.settings)
    }
  }

  /// What says whose signatures and certificates count, and more: who has other settings may want something else.
  private static var settings: Bytes {
    let names = ["PLASH_", "HOME=", "XDG_CONFIG_HOME="].map { Bytes($0.utf8) }
    let set = Environment.entries.filter { entry in names.contains { entry.starts(with: $0) } }
    return Bytes(set.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [0]))
  }

  /// What others who wait for it call it: its name, or the beginning of its key.
  var title: Bytes {
    switch self {
    case .named(let name), .refreshed(let name): name
    case .locked(let key): Bytes(key.hex.prefix(12))
    case .asked(let words): Bytes(words.prefix(2).map(\.withoutCredentials).joined(separator: [0x3A]))
    }
  }

  /// The image, if it is in the store and need not be asked for.
  func known(in store: ImageStore) throws(StoreError) -> Image? {
    switch self {
    case .named(let name): try store.image(named: name)
    case .refreshed, .asked: nil
    case .locked(let key): try store.image(key: key)
    }
  }

  /// Gives the image that was imported its name. A lock file gives none: what a name stands for may be newer.
  func remember(_ image: Image, in store: ImageStore) throws(StoreError) {
    switch self {
    case .named(let name), .refreshed(let name): try store.setName(name, to: image)
    case .locked, .asked: break
    }
  }
}
