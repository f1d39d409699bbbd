/// Lexer and expander: no trap, tokens are the source, the same twice, a printed script gives the same plan.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let host = FuzzHost(text: input)
  let words = input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  for source in [
    SourceFile(path: Array("p".utf8), text: input), SourceFile(standardInput: input),
    SourceFile(arguments: words),
    SourceFile(remote: Array("r".utf8), text: input),
  ] {
    var position = 0
    for token in Lexer.tokens(of: source) {
      precondition(token.span.lowerBound == position, "a gap between tokens")
      position = token.span.upperBound
    }
    precondition(position == source.text.count, "tokens lose the end")
    guard let plan = planOrError(source, [FuzzHost.standard], host) else { continue }
    precondition(planOrError(source, [FuzzHost.standard], host)?.script == plan.script, "not deterministic")
    let again = planOrError(
      SourceFile(arguments: [Array("--run".utf8), Array("--\\ ".utf8) + plan.script]), [FuzzHost.standard],
      host)
    precondition(
      again?.base == plan.base && again?.layers.map(\.script) == plan.layers.map(\.script), "another plan")
  }
  return 0
}
