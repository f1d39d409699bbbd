/// What a layer tells about itself, besides its files. Nothing of it enters the key but key and script.
public struct LayerRecord: Sendable {
  /// What it is found by.
  public let key: LayerKey
  /// The script that made it; empty if none did.
  public let script: Bytes
  /// How it was made, in a line for people: `build`, `create`, `import-tar`...
  public let origin: Bytes
  /// The image all of whose files are in this one layer: it is no image of its own then, only what others stand on.
  var flattens: ImageID?

  /// A record of a layer that `script` made.
  public init(key: LayerKey, script: Bytes = [], origin: Bytes) {
    self.key = key
    self.script = script
    self.origin = origin
  }

  /// The files below the layer's `_data` and what is in them.
  var files: [(name: Bytes, content: Bytes)] {
    [(Bytes("key"), key.hex), (Bytes("script"), script), (Bytes("origin"), origin)]
      + (flattens.map { [(Bytes("flattens"), $0.digits)] } ?? [])
  }
}
