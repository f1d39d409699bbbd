/// Where an instruction or an argument came from: a piece of a text, and the macros whose expansion led there.
public struct Origin: Sendable {
  /// The text that it stands in.
  public let file: SourceFile
  let span: SourceSpan
  let expansion: Expansion?

  /// Line and column in `file`.
  public var location: SourceLocation { file.location(at: span.lowerBound) }

  /// The outermost place: what the user wrote that led here.
  public var root: Origin {
    var origin = self
    while let expansion = origin.expansion { origin = expansion.call }
    return origin
  }

  /// The innermost place that is not within the macros of plash itself: what a user can change.
  var outsideEmbedded: Origin {
    var origin = self
    while origin.file.isEmbedded, let expansion = origin.expansion { origin = expansion.call }
    return origin
  }

  /// The paths of the texts that led here, the outermost first.
  var paths: [[UInt8]] {
    let outer = expansion?.call.paths ?? []
    guard let path = file.path, path != outer.last else { return outer }
    return outer + [path]
  }

  /// A text from elsewhere is part of what led here.
  var isWithinRemote: Bool { file.isRemote || expansion?.isWithinRemote ?? false }
}
