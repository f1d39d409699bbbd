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
    let bad = try SourceFile.plashfile(examples[0]).lint()
    #expect(!bad.isEmpty && bad.allSatisfy { $0.rule == rule }, "\(bad.map(\.message))")
    #expect(try SourceFile.plashfile(examples[1]).lint().isEmpty)
  }

  @Test func reportsInTwoForms() throws {
    let source = SourceFile(path: Array("a\"b".utf8), text: Array("--run\nid\n--apt 'x\n".utf8))
    let finding = try #require(try source.lint().first)
    let message = "quotes on a macro line group nothing: put the text on a line of its own below the macro"
    #expect(String(decoding: finding.short, as: UTF8.self) == "a\"b:3:7: \(message) [split-quotes]")
    #expect(
      String(decoding: finding.diagnostic.rendered(), as: UTF8.self)
        == "warning: \(message) [split-quotes]\n --> a\"b:3:7\n  |\n3 | --apt 'x\n  |       ^^\n")
  }
}
