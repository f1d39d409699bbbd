import PlashImages
import PlashRuntime

/// What an image lacks of its archive, and its user may miss. Not the devices: no image needs its own.
struct ImportNotice {
  private let lines: [String]

  init(_ summary: ExtractionSummary) {
    let names = summary.strippedNames
    let attributes = summary.droppedAttributes
    lines = [
      names == 0 ? nil : "\(names) \(names == 1 ? "name" : "names") of the archive began with `/`, which was left out",
      attributes == 0 ? nil : "\(ImportNotice.words(attributes)) left out",
    ].compactMap(\.self)
  }

  private static func words(_ attributes: Int) -> String {
    attributes == 1
      ? "1 extended attribute of the archive was" : "\(attributes) extended attributes of the archive were"
  }

  /// Tells it on standard error.
  func say() { for line in lines { ProgressReport.say(Bytes("plash: \(line)".utf8)) } }
}
