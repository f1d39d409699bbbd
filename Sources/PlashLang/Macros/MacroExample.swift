/// An example that a library carries: a call, and the script that it has to give.
struct MacroExample: Sendable {
  /// Each is a line of a Plashfile.
  let call: [[UInt8]]
  let script: [UInt8]
  let span: SourceSpan
}
