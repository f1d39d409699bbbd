import Foundation
import Testing

@testable import PlashLang

/// Every rule has a page whose first example has the finding and whose second has none.
struct LintTests {
  @Test(arguments: LintRule.allCases) func pageHolds(_ rule: LintRule) throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/lint/\(rule.rawValue).md")
    let examples = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```plashfile\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    try #require(examples.count == 2)
    let bad = lint(.plashfile(examples[0]))
    #expect(!bad.isEmpty && bad.allSatisfy { $0.rule == rule }, "\(bad.map(\.message))")
    #expect(lint(.plashfile(examples[1])).isEmpty)
  }

  @Test func findsWhatABuildRefuses() {
    let host = FakeHost(files: ["f": "--nothing\n"], libraries: ["lib": "macros:\n  a:\n    body: [--b]\n"])
    func first(_ text: String) -> String? {
      lint(.plashfile(text), host).first.map { String(decoding: $0.short, as: UTF8.self) }
    }
    #expect(first("--rn x\n") == "Plashfile:1:1: unknown macro `rn`: did you mean `run`? [build-error]")
    #expect(
      first("--run\nx\n--write-file\n")
        == "Plashfile:3:1: too few values for `--write-file`: usage: --write-file PATH [LINES...] [build-error]")
    #expect(first("--eval-file f\n") == "f:1:1: unknown macro `nothing` [build-error]")
    #expect(first("--import lib\n--a\n") == "lib:3:12: unknown macro `b` [build-error]")
    #expect(first("x\n") == "Plashfile:1:1: a value before any macro: expected a macro, as `--run` [build-error]")
    #expect(first("--import-env X\n--hash-path none\n--from-map none\n--eval-url u\n--from-u\n") == nil)
    let library = SourceFile(path: Array("lib.yaml".utf8), text: Array("macros:\n  a:\n    sh: echo {b}\n".utf8))
    #expect(lint(library).map(\.origin.location.column) == [14])
  }

  private func lint(_ source: SourceFile, _ host: FakeHost = FakeHost()) -> [LintFinding] {
    source.lint(libraries: Standard.libraries, host: host)
  }

  @Test func reportsInTwoForms() throws {
    let source = SourceFile(path: Array("a\"b".utf8), text: Array("--run\nid\n--apt 'x\n".utf8))
    let finding = try #require(lint(source).first)
    let message = "quotes on a macro line group nothing: put the text on a line of its own below the macro"
    #expect(String(decoding: finding.short, as: UTF8.self) == "a\"b:3:7: \(message) [split-quotes]")
    #expect(
      String(decoding: finding.diagnostic.rendered(), as: UTF8.self)
        == "warning: \(message) [split-quotes]\n --> a\"b:3:7\n  |\n3 | --apt 'x\n  |       ^^\n")
  }
}
