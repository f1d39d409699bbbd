/// A message about a place in a source text, ready to be shown: header, place, the line with a caret, notes.
///
/// Bytes of the user that a terminal would act on are shown as `\xNN` or `\u{...}`.
public struct Diagnostic: Sendable {
  private let severity: String
  private let message: [UInt8]
  private let origin: Origin
  private let label: [UInt8]
  private let help: [[UInt8]]

  /// Puts an error into words.
  public init(_ error: CompileError) {
    let wording = Wording(error.kind)
    severity = "error"
    message = Array(wording.message.utf8)
    origin = error.origin
    label = Array(wording.label.utf8)
    help = wording.help.map { Array($0.utf8) }
  }

  /// - Parameters:
  ///   - message: as `build failed with exit status 3`, without `error:`.
  ///   - origin: the place to show, as that of a script line.
  public init(_ message: String, at origin: Origin) {
    self.init("error", message, at: origin)
  }

  init(_ severity: String, _ message: String, at origin: Origin) {
    self.severity = severity
    self.message = PrintableText.escape(Array(message.utf8)[...])
    self.origin = origin
    label = []
    help = []
  }

  /// The text, ending in a newline.
  ///
  /// - Parameter inColour: with escape sequences for a terminal.
  /// - Returns: bytes that are safe to write to a terminal.
  public func rendered(inColour: Bool = false) -> [UInt8] {
    var page = DiagnosticPage(inColour: inColour)
    page.header(severity, .error, message)
    let place = origin.outsideEmbedded
    page.snippet(of: place, label: label, .error)
    for line in help { page.header("help", .note, line) }
    if origin.file.isEmbedded, let macro = origin.expansion?.macro {
      page.header("note", .note, Array("within `".utf8) + display(macro) + [UInt8(ascii: "`")])
      page.snippet(of: origin, label: [], .note)
    }
    for entry in chain(from: place) {
      switch entry {
      case .call(let expansion):
        page.header(
          "note", .note, Array("in the expansion of `".utf8) + display(expansion.macro) + [UInt8(ascii: "`")])
        page.snippet(of: expansion.call, label: [], .note)
      case .omitted(let count): page.header("note", .note, Array("\(count) more levels".utf8))
      }
    }
    return page.text
  }

  private enum ChainEntry {
    case call(Expansion)
    case omitted(Int)
  }

  /// The macros that led here, innermost first; of a long chain both ends.
  private func chain(from place: Origin) -> [ChainEntry] {
    var calls: [Expansion] = []
    var next = place.expansion
    while let expansion = next {
      calls.append(expansion)
      next = expansion.call.expansion
    }
    let kept = 4
    guard calls.count > 2 * kept else { return calls.map { .call($0) } }
    return calls.prefix(kept).map { .call($0) } + [.omitted(calls.count - 2 * kept)]
      + calls.suffix(kept).map { .call($0) }
  }

  private func display(_ macro: [UInt8]) -> [UInt8] {
    Array((macro.count == 1 ? "-" : "--").utf8) + PrintableText.escape(macro[...])
  }
}
