internal import PlashLang
internal import PlashRuntime

extension Layer {
  /// Where a user wrote what this layer begins with: `FILE:LINE`.
  var place: String? {
    lines.first.map { "\($0.origin.root.file.name.printable):\($0.origin.root.location.line)" }
  }
}
