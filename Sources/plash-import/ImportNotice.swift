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
      attributes == 0
        ? nil : "\(attributes) extended \(attributes == 1 ? "attribute" : "attributes") of the archive were left out",
    ].compactMap(\.self)
  }

  /// Tells it on standard error.
  func say() { for line in lines { ProgressReport.say(Bytes("plash: \(line)".utf8)) } }
}
