/// Steps of a macro's body.
struct MacroBlock: Sendable {
  indirect enum Step: Sendable {
    /// A statement; its name is never a hole.
    case call(name: [UInt8], span: SourceSpan, values: [Template])
    /// A line of shell text.
    case shell(Template)
    case block(MacroBlock)
  }

  /// The parameter without whose values the block yields nothing.
  let condition: Int?
  let steps: [Step]
}
