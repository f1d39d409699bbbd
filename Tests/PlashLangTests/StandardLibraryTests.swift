import Foundation
import Testing

@testable import PlashLang

/// The macros that are part of plash.
struct StandardLibraryTests {
  @Test(arguments: Standard.libraries.indices) func indexFindsWhatReadingFinds(_ index: Int) throws {
    let library = Standard.libraries[index]
    let read = try MacroFile.definitions(of: library)
    let indexed = EmbeddedIndex.regions(of: library)
    #expect(indexed.map(\.name) == read.map(\.name))
    for (entry, whole) in zip(indexed, read) {
      let alone = try MacroFile.definition(in: entry.region, of: library)
      #expect(alone.signature == whole.signature)
      #expect(alone.span == whole.span)
    }
  }

  @Test(arguments: Standard.libraries.indices) func everyMacroIsDocumentedAndShown(_ index: Int) throws {
    for macro in try MacroFile.definitions(of: Standard.libraries[index]) {
      let name = String(decoding: macro.name, as: UTF8.self)
      #expect(!macro.documentation.isEmpty, "\(name)")
      #expect(!macro.examples.isEmpty, "\(name)")
    }
  }

  @Test(arguments: Standard.libraries.indices) func examplesHold(_ index: Int) throws {
    let results = try ExampleResult.ofExamples(
      in: Standard.libraries[index], libraries: Standard.libraries, host: FakeHost())
    for result in results {
      #expect(result.isPassed, "\(String(decoding: result.macro, as: UTF8.self)): \(result.outcome)")
    }
  }

  /// The libraries under `examples/macros` keep the promises of their examples.
  @Test(arguments: ["python", "team"]) func exampleLibrariesHold(_ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../examples/macros/\(name).yaml")
    let library = SourceFile(path: Array("\(name).yaml".utf8), text: Array(try Data(contentsOf: file)))
    let results = try ExampleResult.ofExamples(in: library, libraries: Standard.libraries, host: FakeHost())
    #expect(results.count >= 2)
    for result in results {
      #expect(
        result.isPassed,
        "\(String(decoding: result.macro, as: UTF8.self)): \(result.outcome.map { String(decoding: $0, as: UTF8.self) })"
      )
    }
  }

  /// What the standard macros print is clean shell. SC2016 doubts `$` in single quotes, where quoting has to put it.
  @Test func shellcheckHasNoFinding() throws {
    var script = "#!/bin/sh\n"
    for library in Standard.libraries {
      for result in try ExampleResult.ofExamples(in: library, libraries: Standard.libraries, host: FakeHost()) {
        script += String(decoding: try result.outcome.get(), as: UTF8.self)
      }
    }
    let check = try Shell.run(Array(script.utf8), in: ["/usr/bin/shellcheck", "-s", "sh", "-e", "SC2016"])
    #expect(check.status == 0, "\(String(decoding: check.output, as: UTF8.self))")
  }
}
