import Testing

@testable import PlashLang

/// Reading libraries: what the spec does not show.
struct MacroFileTests {
  private func library(_ text: String) -> SourceFile { SourceFile(path: Array("lib".utf8), text: Array(text.utf8)) }

  /// The text that an error points at.
  private func marked(_ text: String) -> String? {
    let library = library(text)
    do throws(CompileError) {
      _ = try MacroFile.definitions(of: library)
      return nil
    } catch {
      return String(decoding: library.text[error.origin.span], as: UTF8.self)
    }
  }

  /// Two texts where the second is ten times as long as the first.
  private static let long: [(short: String, long: String)] = [
    ("macros:\n  a:\n    sh: |\n", "      line {{x}}\n"), ("macros:\n  a:\n    body: |\n", "      --run {{x}}\n"),
    ("macros:\n", "  a%: {sh: x}\n"),
  ].map { head, line in
    func text(_ count: Int) -> String {
      head + (0..<count).map { line.replacing("%", with: String($0)) }.joined()
    }
    return (text(1000), text(10_000))
  }

  @Test(arguments: long.indices) func timeGrowsWithLength(_ index: Int) throws {
    let clock = ContinuousClock()
    let (short, long) = Self.long[index]
    let first = try clock.measure { _ = try MacroFile.definitions(of: library(short)) }
    let second = try clock.measure { _ = try MacroFile.definitions(of: library(long)) }
    #expect(second < first * 45, "\(first) for 1,000 lines, \(second) for 10,000")
  }

  @Test(arguments: ["echo x", "|\n          echo x\n", "|\n          echo x", "\"echo x\\n\""])
  func anExampleNeedsNoNewlineAtItsEnd(_ script: String) throws {
    let text = "macros:\n  a:\n    sh: echo x\n    examples:\n      - call: --a\n        script: \(script)"
    let results = try ExampleResult.ofExamples(in: library(text), libraries: [], host: FakeHost())
    #expect(results.map(\.isPassed) == [true])
  }

  @Test func everyStyleOfTextHasItsPlace() {
    #expect(marked("macros:\n  a:\n    sh: é {x}\n") == "{x}")
    #expect(marked("macros:\n  a:\n    sh: 'é {x}'\n") == "{x}")
    #expect(marked("macros:\n  a:\n    sh: \"é {x}\"\n") == "{x}")
    #expect(marked("macros:\n  a:\n    sh: |\n      é\n\n        {x}\n") == "{x}")
    #expect(marked("macros:\n  a:\n    sh: |\n      é {x}") == "{x}")
    #expect(marked("macros:\n  a:\n    sh: |2-\n        {x}\n") == "{x}")
    #expect(marked("macros:\n  a:\n    body: |\n      --run a\n      --run b{x}\n") == "{x}")
    #expect(marked("macros:\n  a:\n    body:\n      - --run a\n      - '--run b{x}'\n") == "{x}")
    #expect(marked("macros:\n  a:\n    sh: \"a\\tb {x}\"\n") == "\"a\\tb {x}\"")
  }

  @Test func bytesThatAreNoYAMLAreErrors() {
    for bytes in [[0xFF], [0xC3], [0x09, 0x61], [0x00], [0x1B], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
      let text = SourceFile(path: Array("lib".utf8), text: Array("macros:\n".utf8) + bytes + Array(": {sh: x}\n".utf8))
      #expect(throws: CompileError.self, "\(bytes)") { try MacroFile.definitions(of: text) }
    }
  }

  @Test func carriageReturnsAreNewlines() throws {
    let macros = try MacroFile.definitions(of: library("macros:\r\n  a:\r\n    sh: |\r\n      x\r\n      y\r\n"))
    #expect(macros[0].body.steps.count == 2)
  }

  @Test func emptyLibrariesHaveNoMacros() throws {
    #expect(try MacroFile.definitions(of: library("")).isEmpty)
    #expect(try MacroFile.definitions(of: library("# nothing\n")).isEmpty)
    #expect(try MacroFile.definitions(of: library("doc: hi\n")).isEmpty)
  }
}
