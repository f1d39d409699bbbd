import Testing

@testable import PlashLang

/// What holds for every text.
struct PropertyTests {
  /// Texts put together from the pieces that the lexer cares about; the same in every run.
  static let texts: [[UInt8]] = {
    let pieces: [[UInt8]] =
      [
        "--run", "--apt", "-x", "-lx", "-", "--", "--#", "--\\", "--\\ ", "--<<E", "E", "#!/bin/sh", " ",
        "\n", "\n", "\n", "\t",
        "\r", "a", "'", "\"", "{", "}", "\u{A0}", "\u{2028}", "é", "### plash hint: ", "layer", "image=1",
        "--defpm",
        "--layer", "--eval-string", "--hint", "--write-file", "--entrypoint",
      ].map { Array($0.utf8) } + [[0xFF], [0xC2], [0xE2, 0x80]]
    var random = Random()
    return (0..<1000).map { _ in (0..<random.next(20)).flatMap { _ in pieces[random.next(pieces.count)] } }
  }()

  private struct Random {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  @Test func tokensConcatenateToTheSource() {
    for text in Self.texts {
      let file = SourceFile(path: [], text: text)
      var position = 0
      for token in Lexer.tokens(of: file) {
        #expect(token.span.lowerBound == position)
        position = token.span.upperBound
      }
      #expect(position == file.text.count)
    }
  }

  @Test func formattingKeepsTheMeaning() throws {
    for text in Self.texts {
      let file = SourceFile(path: [], text: text)
      guard let formatted = try? file.formatted() else { continue }
      let again = SourceFile(path: [], text: formatted)
      #expect(
        (try? again.formatted()) == formatted,
        "\(String(decoding: text, as: UTF8.self).debugDescription) \(String(decoding: formatted, as: UTF8.self).debugDescription)"
      )
      #expect(try meaning(again) == meaning(file))
      #expect(comments(again) == comments(file))
    }
  }

  private func meaning(_ file: SourceFile) throws -> [[[UInt8]]] {
    let plashfile = try Parser.parse(file, in: nil)
    return plashfile.statements.map { statement in
      [Array(file.text[statement.name])] + plashfile.values[statement.values].map { Array(file.text[$0]) }
    }
  }

  private func comments(_ file: SourceFile) -> Int {
    Lexer.tokens(of: file).count { $0.kind == .comment || $0.kind == .shebang }
  }

  @Test func argumentsAreLines() throws {
    for text in Self.texts where !text.contains(0x0D) && text.first != 0x23 && !text.isEmpty {
      let words = text.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
      let fromFile = outcome(SourceFile(path: [], text: text))
      #expect(outcome(SourceFile(arguments: words)) == fromFile)
    }
  }

  /// Found by fuzzing: empty lines at the end of a layer.
  private static let endsOfLayers = ["--eval-string\n --run\\ x\n--from 1\n", "--eval-string\n '--run x'\n--from 1\n"]

  @Test func printedScriptsGiveTheSamePlan() throws {
    for text in Self.texts + Self.endsOfLayers.map({ Array($0.utf8) }) {
      guard
        let plan = try? compile(
          SourceFile(path: [], text: text), libraries: Standard.libraries, host: FakeHost())
      else { continue }
      var host = FakeHost()
      host.input = plan.script
      // Standard input is repaired to UTF-8: compare what was UTF-8 before.
      guard String(validating: plan.script, as: UTF8.self) != nil else { continue }
      let again = try compile(.arguments("--run-stdin"), libraries: Standard.libraries, host: host)
      #expect(again.script == plan.script)
      #expect(again.base == plan.base)
      #expect(again.entrypoint == plan.entrypoint)
      #expect(again.layers.map(\.script) == plan.layers.map(\.script))
    }
  }

  @Test func errorsNeverReachTheTerminalRaw() {
    for text in Self.texts {
      do throws(CompileError) {
        _ = try compile(SourceFile(path: text, text: text), libraries: Standard.libraries, host: FakeHost())
      } catch {
        let shown = Diagnostic(error).rendered()
        #expect(shown.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A })
        #expect(String(validating: shown, as: UTF8.self) != nil)
      }
    }
  }

  /// Without the texts' own name and place, which differ.
  private func outcome(_ source: SourceFile) -> [UInt8] {
    do throws(CompileError) {
      return try compile(source, libraries: Standard.libraries, host: FakeHost()).script
    } catch {
      return Array(Wording(error.kind).message.utf8)
    }
  }
}
