import Foundation
import Testing

@testable import PlashLang

/// What Plashfiles of users rely on: observed input and output.
struct EvalCaseTests {
  struct Case: Decodable, CustomTestStringConvertible {
    let desc: String
    let args: [String]
    let stdin: String?
    let env: [String: String]
    let stdout: String
    let fails: Bool

    /// JSON holds no bytes: the case of invalid UTF-8 writes the byte 0xFF as U+00FF.
    var input: [UInt8] {
      desc == "invalid utf8 stdin" ? Array("--run\n".utf8) + [0xFF, 0x0A] : Array((stdin ?? "").utf8)
    }

    var testDescription: String { "\(desc): \(args) \(stdin ?? "")" }
  }

  private struct Cases: Decodable {
    let cases: [Case]
  }

  /// Where we differ on purpose, by description.
  static let exceptions = [
    "help": "an option of the command, not of the language",
    "-h": "an option of the command, not of the language",
    "NUL in stdin": "NUL is an error: no argument and no file name can hold it (reliability, 2.22)",
  ]

  static let all: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "eval-cases.json")
    do {
      return try JSONDecoder().decode(Cases.self, from: Data(contentsOf: file)).cases
    } catch {
      preconditionFailure("eval-cases.json: \(error)")
    }
  }()

  static var host: FakeHost {
    FakeHost(
      files: [
        "sub/pf": "--run from-file\n", "sub/pf2": "#!/usr/bin/env plash-exec\n--run sheb\n",
        "nest": "--eval-file sub/pf\n", "nonl": "--run nonl", "emptyf": "",
      ])
  }

  @Test func allCasesAreThere() {
    #expect(Self.all.count == 221)
    #expect(Self.exceptions.keys.allSatisfy { name in Self.all.contains { $0.desc == name } })
  }

  @Test(arguments: all.filter { exceptions[$0.desc] == nil })
  func givesWhatIsExpected(_ item: Case) {
    var host = Self.host
    host.variables = item.env
    let input = item.input
    let source: SourceFile
    if item.args.isEmpty {
      source = SourceFile(standardInput: input)
    } else {
      host.input = input
      source = SourceFile(arguments: item.args.map { Array($0.utf8) })
    }
    do {
      let script = try evaluate(source, host)
      #expect(!item.fails, "should fail, but gives \(script)")
      #expect(script == item.stdout)
    } catch {
      #expect(item.fails, "\(rendered(error)) instead of \(item.stdout)")
    }
  }

  @Test func nulIsAnError() {
    #expect(throws: CompileError.self) {
      try evaluate(SourceFile(standardInput: Array("--run\na\0b\n".utf8)))
    }
  }
}
