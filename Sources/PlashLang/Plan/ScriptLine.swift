/// One physical line of a layer's script and where it came from.
public struct ScriptLine: Sendable {
  /// Without its newline.
  public let text: [UInt8]
  /// Where it came from; it never becomes part of a cache key.
  public let origin: Origin
}
