import Foundation
import Testing

/// The rules of docs/architecture.md that a compiler does not hold.
struct ModuleRuleTests {
  /// The language does no input or output: it imports libyaml in one file, and nothing else.
  @Test func languageImportsNothing() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/PlashLang")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    #expect(names.count > 40)
    for name in names {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      let imports = text.split(separator: "\n").filter {
        $0.hasPrefix("import ") || $0.hasPrefix("public import ") || $0.hasPrefix("internal import ")
      }
      #expect(imports == (name == "Macros/YAMLDocument.swift" ? ["internal import CYAML"] : []), "\(name)")
      #expect(!text.contains("print("), "\(name)")
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 250, "\(name)")
    }
  }
}
