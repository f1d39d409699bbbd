/// The reader of macro libraries: no trap; what it accepts can be called.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let library = SourceFile(
    path: Array("l".utf8), text: Array(UnsafeBufferPointer(start: start, count: count)))
  let host = FuzzHost(text: [])
  guard let macros = try? MacroDocumentation.macros(of: library) else {
    _ = planOrError(SourceFile(arguments: []), [library], host)
    return 0
  }
  for macro in macros {
    for values in [[], ["a"], ["a b", "--run"], ["", "'", "\n", "{x}"]] {
      let call = [Array("--".utf8) + macro.name] + values.map { Array("--\\ ".utf8) + Array($0.utf8) }
      _ = planOrError(SourceFile(arguments: call), [FuzzHost.standard, library], host)
    }
  }
  _ = try? ExampleResult.ofExamples(in: library, libraries: [FuzzHost.standard], host: host)
  return 0
}
