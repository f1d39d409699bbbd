/// Something in a Plashfile that is probably not meant, or that a build refuses.
public struct LintFinding: Sendable {
  /// What was looked for.
  public let rule: LintRule
  /// Where it is.
  public let origin: Origin
  /// What is wrong and what to write instead, in one line.
  public let message: String

  init(rule: LintRule, origin: Origin, message: String) {
    self.rule = rule
    self.origin = origin
    self.message = message
  }

  init(_ error: CompileError) {
    let wording = Wording(error.kind)
    self.init(
      rule: .buildError, origin: error.origin.outsideEmbedded,
      message: wording.label.isEmpty ? wording.message : "\(wording.message): \(wording.label)")
  }

  /// With the source line and a caret.
  public var diagnostic: Diagnostic {
    Diagnostic(rule == .buildError ? "error" : "warning", "\(message) [\(rule.rawValue)]", at: origin)
  }

  /// `file:line:column: message [rule]`, without a newline.
  public var short: [UInt8] {
    let place = origin.location
    return PrintableText.escape(origin.file.name[...])
      + Array(":\(place.line):\(place.column): \(message) [\(rule.rawValue)]".utf8)
  }
}
