/// A macro at work: its name and who called it. Linked outwards, so origins share their chain.
final class Expansion: Sendable {
  let macro: [UInt8]
  /// nil for a primitive that evaluates another text.
  let definition: MacroDefinition?
  let call: Origin
  let depth: Int
  let isWithinRemote: Bool

  init(of macro: [UInt8], _ definition: MacroDefinition?, call: Origin) {
    self.macro = macro
    self.definition = definition
    self.call = call
    depth = (call.expansion?.depth ?? 0) + 1
    isWithinRemote = call.isWithinRemote
  }
}
