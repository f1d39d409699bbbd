internal import PlashLang
internal import PlashRuntime

/// For whom this process waits: said when it takes a while.
enum WaitingWords {
  /// Another process builds this layer.
  static func layer(_ layer: Layer, builtBy process: Bytes) -> Bytes {
    guard let line = layer.lines.first, let place = layer.place else { return words(process, "builds the same layer") }
    return words(process, "builds the same layer (\(place): \(line.text.printable))")
  }

  /// Another process imports the image of this name.
  static func image(_ name: Bytes, importedBy process: Bytes) -> Bytes {
    words(process, "imports \(name.printable)")
  }

  /// Another process fetches the text of this name.
  static func text(_ name: Bytes, fetchedBy process: Bytes) -> Bytes {
    words(process, "fetches \(name.printable)")
  }

  private static func words(_ process: Bytes, _ deed: String) -> Bytes {
    let who = process.isEmpty ? "another process" : "process \(process.printable)"
    return Bytes("plash: waiting for \(who), which \(deed)\n".utf8)
  }
}
