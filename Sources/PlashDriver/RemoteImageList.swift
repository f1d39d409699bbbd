public import PlashRuntime

/// The images that can be had from linuxcontainers.org.
public struct RemoteImageList {
  /// A line for each name.
  public let text: Bytes

  /// Asks for those with `pattern` in their names; nil: all.
  public init(_ session: Session, matching pattern: Bytes?) throws(DriverError) {
    let names = try Importer(session).text([Bytes("images")] + (pattern.map { [$0] } ?? []))
    text = names.isEmpty ? [] : names + [0x0A]
  }

  /// An array of objects.
  public var json: Bytes {
    JSON.array(text.split(separator: 0x0A).map { .object([("name", .string(Bytes($0)))]) }).text
  }
}
