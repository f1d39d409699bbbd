import Foundation
import Testing

@testable import PlashLang

/// The examples of `spec/` are what the language does. `PLASH_SPEC_UPDATE=1` writes what it does into them, to be read.
struct SpecTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../spec").standardizedFileURL

  static let chapters: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()
  }()

  @Test func allChaptersAreThere() {
    #expect(Self.chapters.count == 7)
  }

  @Test(arguments: chapters) func examplesHold(_ chapter: String) throws {
    let file = Self.folder.appending(path: chapter)
    var document = SpecDocument(try String(contentsOf: file, encoding: .utf8))
    for index in document.expectations.indices {
      let expectation = document.expectations[index]
      let outcome = expectation.example.outcome(showing: expectation.kind)
      if ProcessInfo.processInfo.environment["PLASH_SPEC_UPDATE"] == nil {
        #expect(outcome == expectation.text, "\(chapter):\(expectation.line)")
      } else {
        document.update(index, to: outcome)
      }
    }
    #expect(!document.expectations.isEmpty)
    if ProcessInfo.processInfo.environment["PLASH_SPEC_UPDATE"] != nil {
      try document.text.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  /// Chapter 7 shows every error there is.
  @Test func everyErrorIsShown() throws {
    let text = try String(contentsOf: Self.folder.appending(path: "7-errors.md"), encoding: .utf8)
    let shown = Set(SpecDocument(text).expectations.compactMap { $0.example.errorCase })
    let sources = [
      "Diagnostics/CompileErrorKind", "Diagnostics/YAMLErrorKind", "Diagnostics/LibraryErrorKind",
    ]
    var all: Set<String> = []
    for name in sources + ["Expansion/HostError"] {
      let file = Self.folder.appending(path: "../Sources/PlashLang/\(name).swift")
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        guard let match = line.firstMatch(of: /^ +case (\w+)/) else { continue }
        all.insert(String(match.1))
      }
    }
    all.subtract(["yaml", "library", "host"])
    #expect(all.count > 40)
    #expect(all.subtracting(shown).sorted() == [])
  }

  /// Every primitive and every standard macro has an example.
  @Test func everyMacroIsShown() throws {
    let text = try String(contentsOf: Self.folder.appending(path: "4-macros.md"), encoding: .utf8)
    var names = MacroDocumentation.primitives.map(\.name)
    for library in Standard.libraries { names += try MacroDocumentation.macros(of: library).map(\.name) }
    for name in names {
      let shown = String(decoding: name, as: UTF8.self)
      #expect(text.contains("\n### `\(shown)`"), "\(shown)")
    }
  }
}
