/// Something in a Plashfile that is allowed and probably not meant.
public struct LintFinding: Sendable {
  /// What was looked for.
  public let rule: LintRule
  /// Where it is.
  public let origin: Origin
  /// What is wrong and what to write instead, in one line.
  public let message: String

  /// With the source line and a caret.
  public var diagnostic: Diagnostic { Diagnostic("warning", "\(message) [\(rule.rawValue)]", at: origin) }

  /// `file:line:column: message [rule]`, without a newline.
  public var short: [UInt8] {
    let place = origin.location
    return PrintableText.escape(origin.file.name[...])
      + Array(":\(place.line):\(place.column): \(message) [\(rule.rawValue)]".utf8)
  }
}
