/// What a layer tells about itself, besides its files. Nothing of it enters the key but key and script.
public struct LayerRecord: Sendable {
  /// What it is found by.
  public let key: LayerKey
  /// The script that made it; empty if none did.
  public let script: Bytes
  /// How it was made, in a line for people: `build`, `create`, `import-tar`...
  public let origin: Bytes

  /// A record of a layer that `script` made.
  public init(key: LayerKey, script: Bytes = [], origin: Bytes) {
    self.key = key
    self.script = script
    self.origin = origin
  }

  /// The files below the layer's `_data` and what is in them.
  var files: [(name: Bytes, content: Bytes)] {
    [(Bytes("key"), key.hex), (Bytes("script"), script), (Bytes("origin"), origin)]
  }
}
