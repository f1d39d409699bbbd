import Testing

@testable import PlashLang

/// Places that no error of the spec shows.
struct DiagnosticTests {
  private func line(_ index: Int, of source: SourceFile, _ host: FakeHost = FakeHost()) throws -> Origin {
    try compile(source, libraries: Standard.libraries, host: host).layers[0].lines[index].origin
  }

  private func rendered(_ origin: Origin) -> String {
    String(decoding: Diagnostic("build failed with exit status 3", at: origin).rendered(), as: UTF8.self)
  }

  @Test func failedLineOfTheUser() throws {
    let source = SourceFile.plashfile("--from 1\n--run\ntrue\nfalse \u{1B} x\n")
    #expect(
      rendered(try line(1, of: source)) == """
        error: build failed with exit status 3
         --> Plashfile:4:1
          |
        4 | false \\x1B x
          | ^^^^^^^^^^^^

        """)
  }

  @Test func failedLineOfAStandardMacro() throws {
    #expect(
      rendered(try line(1, of: .plashfile("-U curl\n"))).hasPrefix(
        """
        error: build failed with exit status 3
         --> Plashfile:1:1
          |
        1 | -U curl
          | ^^
        note: within `--apt`
        """))
  }

  @Test func failedLineOfALibrary() throws {
    let host = FakeHost(libraries: ["lib": "macros:\n  a:\n    sh: |\n      true\n      exit {{x}}3\n"])
    #expect(
      rendered(try line(1, of: .plashfile("--import lib\n--a\n"), host)) == """
        error: build failed with exit status 3
         --> lib:5:7
          |
        5 |       exit {{x}}3
          |       ^^^^^^^^^^^
        note: in the expansion of `-a`
         --> Plashfile:2:1
          |
        2 | --a
          | ^^^

        """)
  }

  @Test func wideAndLongLines() throws {
    let wide = rendered(try line(0, of: .plashfile("--run 漢字 e\u{301}x\n")))
    #expect(wide.hasSuffix("1 | --run 漢字 e\u{301}x\n  |       ^^^^\n"))
    let long = String(repeating: "a", count: 300)
    let cut = rendered(try line(0, of: .plashfile("--run \(long) \(long)\n")))
    #expect(cut.split(separator: "\n").allSatisfy { $0.utf8.count < 140 })
  }

  @Test func coloursAreOnlyWhereAsked() throws {
    let diagnostic = Diagnostic("x", at: try line(0, of: .plashfile("--run y\n")))
    #expect(!diagnostic.rendered().contains(0x1B))
    #expect(diagnostic.rendered(inColour: true).contains(0x1B))
  }

  @Test func annotatedScriptNamesTheUsersLines() throws {
    let plan = try compile(
      .plashfile("--from 1\n--apt curl\n--run\n\nid\n"), libraries: Standard.libraries, host: FakeHost())
    #expect(
      String(decoding: plan.annotatedScript, as: UTF8.self) == """
        Plashfile:1\t### plash hint: image=1
        Plashfile:2\tapt-get update
        Plashfile:2\tapt-get install -y curl
        Plashfile:5\tid

        """)
  }
}
