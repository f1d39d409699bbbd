/// A macro at work: its name and who called it. Linked outwards, so origins share their chain.
final class Expansion: Sendable {
  let macro: [UInt8]
  let call: Origin
  let depth: Int

  init(of macro: [UInt8], call: Origin) {
    self.macro = macro
    self.call = call
    self.depth = (call.expansion?.depth ?? 0) + 1
  }
}
