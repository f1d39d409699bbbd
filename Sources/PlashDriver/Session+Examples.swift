internal import PlashLang
public import PlashRuntime

extension Session {
  /// Runs the examples of macro libraries and prints how many there are; the ones that fail go to standard error.
  public func testExamples(ofLibraries names: [Bytes]) throws(DriverError) {
    let libraries = MacroLibraries(settings)
    let standing = try libraries.standing()
    let host = SystemHost(session: self, imports: false)
    var (count, failures) = (0, 0)
    for name in names {
      let library = try libraries.library(name)
      let results = try driving { () throws(CompileError) in
        try ExampleResult.ofExamples(in: library, libraries: standing, host: host)
      }
      for result in results where !result.isPassed { Process.complain(Self.words(result)) }
      count += results.count
      failures += results.count { !$0.isPassed }
    }
    try Process.print(Bytes("\(count - failures) of \(count) examples give what they promise\n".utf8))
    if failures > 0 { throw .examplesFailed(failures) }
  }

  private static func words(_ result: ExampleResult) -> Bytes {
    switch result.outcome {
    case .failure(let error):
      Diagnostic("this example of `\(result.macro.printable)` fails", at: result.origin).rendered()
        + Diagnostic(error).rendered()
    case .success(let script):
      Diagnostic("this example of `\(result.macro.printable)` gives another script", at: result.origin).rendered()
        + Bytes("expected:\n") + result.expected + Bytes("got:\n") + script
    }
  }
}
