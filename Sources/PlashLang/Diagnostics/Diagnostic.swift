/// A message about a place in a source text, ready to be shown: header, place, the line with a caret, notes.
///
/// Bytes of the user that a terminal would act on are shown as `\xNN` or `\u{...}`.
public struct Diagnostic: Sendable {
  let message: [UInt8]
  let origin: Origin
  let label: [UInt8]
  let help: [[UInt8]]

  /// Puts an error into words.
  public init(_ error: CompileError) {
    self.init("error", at: error.origin)
  }

  /// - Parameters:
  ///   - message: as `build failed with exit status 3`, without `error:`.
  ///   - origin: the place to show, as that of a script line.
  public init(_ message: String, at origin: Origin) {
    self.message = Array(message.utf8)
    self.origin = origin
    label = []
    help = []
  }

  /// The text, ending in a newline.
  /// - Parameter inColour: with escape sequences for a terminal.
  public func rendered(inColour: Bool = false) -> [UInt8] {
    message + [UInt8(ascii: "\n")]
  }
}
