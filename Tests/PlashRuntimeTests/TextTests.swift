import Testing

@testable import PlashRuntime

struct TextTests {
  @Test func whatATerminalWouldActOnIsEscaped() {
    #expect(Bytes("a\u{1B}]0;x\u{07}b\nc").printable == "a\\x1b]0;x\\x07b\\x0ac")
    #expect(([0x61, 0xFF, 0xC3] as Bytes).printable == "a\\xff\\xc3")
    #expect(Bytes("é☃").printable == "é☃")
    #expect(!Bytes("\u{202E}").printable.unicodeScalars.contains("\u{202E}"))
  }

  @Test func textIsFoundWhereItIs() {
    #expect(Bytes("abcabc").range(of: Bytes("ca")) == 2..<4)
    #expect(Bytes("abc").range(of: Bytes("abcd")) == nil)
    #expect(Bytes("abc").range(of: Bytes("x")) == nil)
  }

  @Test(arguments: ["A", "_a1", "path"]) func namesOfVariables(name: String) {
    #expect(Environment.isName(Bytes(name.utf8)))
  }

  @Test(arguments: ["", "1a", "a-b", "a=b", "a b", "é"]) func othersAreNone(name: String) {
    #expect(!Environment.isName(Bytes(name.utf8)))
  }

  @Test func waitStatusesAreDecoded() {
    #expect(ExitStatus(waitStatus: 0).isSuccess)
    #expect(ExitStatus(waitStatus: 77 << 8) == .exited(77))
    #expect(ExitStatus(waitStatus: 9).shellStatus == 137)
  }
}
