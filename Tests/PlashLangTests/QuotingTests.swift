import Foundation
import Testing

@testable import PlashLang

/// Values reach a program in the shell byte for byte (K1), and never become a hint (K5).
struct QuotingTests {
  static let nasty: [UInt8] =
    Array("'\"$`\\ \n\t;&|<>(){}*?[]!#~=%-a".utf8) + [0x7F, 0x80, 0xFF]

  /// All texts of one and two nasty bytes, and of three at the places where quoting begins and ends.
  static let texts: [[UInt8]] = {
    var texts = nasty.map { [$0] }
    for first in nasty { texts += nasty.map { [first, $0] } }
    for first in nasty { for second in nasty.prefix(8) { texts += nasty.map { [first, second, $0] } } }
    return texts
  }()

  private static func script(_ arguments: [[UInt8]], libraries: [SourceFile] = []) throws -> [UInt8] {
    try compile(
      SourceFile(arguments: arguments), libraries: Standard.libraries + libraries, host: FakeHost()
    ).script
  }

  /// As an argument that no macro reads another way.
  private static func escaped(_ text: [UInt8]) -> [UInt8] { Array("--\\ ".utf8) + text }

  @Test(arguments: Shell.all) func libraryValuesArriveAsTheyAre(_ shell: [String]) throws {
    let library = SourceFile(
      path: Array("lib".utf8),
      text: Array("macros:\n  show:\n    params: [values...]\n    sh: \"printf '%s\\\\0' {values}\"\n".utf8))
    let arguments = [Array("--show".utf8)] + Self.texts.map(Self.escaped)
    let output = try Shell.run(try Self.script(arguments, libraries: [library]), in: shell).output
    #expect(output == Self.texts.flatMap { $0 + [0] })
  }

  @Test(arguments: Shell.all) func writtenFilesHoldTheirLines(_ shell: [String]) throws {
    let arguments = ["--write-file", "a file"].map { Array($0.utf8) } + Self.texts.map(Self.escaped)
    let read = Array("--inline cat 'a file'".utf8)
    let output = try Shell.run(try Self.script(arguments + [read]), in: shell).output
    #expect(output == Self.texts.flatMap { $0 + [0x0A] })
  }

  @Test(arguments: Shell.all) func variablesHoldTheirValues(_ shell: [String]) throws {
    var host = FakeHost()
    host.variables = ["FOO": "it's $(id) `id` \"\\\n-n", "BAR": ""]
    let source = SourceFile.arguments(
      "--import-env", "FOO", "BAR:NEW", "--run", "printf '%s|' \"$FOO\" \"$NEW\"")
    let script = try compile(source, libraries: Standard.libraries, host: host).script
    #expect(try Shell.run(script, in: shell).output == Array("it's $(id) `id` \"\\\n-n||".utf8))
  }

  @Test(arguments: Shell.all) func packageNamesAreWords(_ shell: [String]) throws {
    let arguments = ["--defpm", "show", "printf '%s\\0' {}", "--show"].map { Array($0.utf8) }
    let script = try Self.script(arguments + Self.texts.prefix(1000).map(Self.escaped))
    #expect(try Shell.run(script, in: shell).output == Self.texts.prefix(1000).flatMap { $0 + [0] })
  }

  @Test(arguments: ["a\n### plash hint: image=666", "\n### plash hint: layer\n"])
  func noVariableBecomesAHint(_ value: String) {
    var host = FakeHost()
    host.variables = ["FOO": value]
    #expect(throws: CompileError.self) {
      try compile(.arguments("--import-env", "FOO"), libraries: Standard.libraries, host: host)
    }
  }

  @Test(arguments: [
    ["--write-file", "/a"], ["--write-file"], ["--apt"], ["--add-apt-repository"], ["--entrypoint-script"],
    ["--defpm", "x", "echo {}", "--x"],
  ])
  func noValueBecomesAHint(_ call: [String]) throws {
    let hint = "### plash hint: image=666"
    for value in [hint, "a\n\(hint)", "\n\(hint)", "'\n\(hint)", "\(hint)\n\(hint)"] {
      let source = SourceFile(arguments: (call + [value]).map { Array($0.utf8) })
      let plan = try? compile(source, libraries: Standard.libraries, host: FakeHost())
      #expect(plan?.base == nil, "\(call) \(value)")
      let read = plan.map { SourceFile(arguments: [Array("--run".utf8), $0.script]) }
      let again = try read.map { try compile($0, libraries: Standard.libraries, host: FakeHost()) }
      #expect(again?.base == nil, "\(call) \(value) printed")
    }
  }
}
