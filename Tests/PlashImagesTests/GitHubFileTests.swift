import PlashRuntime
import Testing

@testable import PlashImages

struct GitHubFileTests {
  private func address(_ repository: String, _ path: String) throws -> String {
    try String(
      decoding: GitHubFile(repository: Array(repository.utf8), path: Array(path.utf8)).address, as: UTF8.self)
  }

  @Test func namesAddresses() throws {
    let server = "https://raw.githubusercontent.com"
    #expect(try address("user/repo", "Plashfile") == "\(server)/user/repo/HEAD/Plashfile")
    #expect(try address("u-s/r.e_p", "a b/ü?#%") == "\(server)/u-s/r.e_p/HEAD/a%20b/%C3%BC%3F%23%25")
    #expect(try address("user/repo@v1.0", "f") == "\(server)/user/repo/v1.0/f")
    #expect(try address("user/repo@feature/x", "f") == "\(server)/user/repo/feature/x/f")
  }

  @Test(arguments: [
    "", "user", "user/", "/repo", "user/repo/more", "../repo", "user/..", "user/re po", "user/repo?", "user/repo#x",
    "user/repo%2f", "u@h/repo", "user/repo@", "user/repo@..", "user/repo@a/../b", "user/repo@a//b", "us\u{e9}r/repo",
  ]) func refusesOtherRepositories(_ name: String) {
    #expect(throws: ImportError.self) { try address(name, "Plashfile") }
  }

  @Test(arguments: ["", "/etc/passwd", "..", "a/../b", "a//b", "./a", "a/", "a\0b"])
  func refusesOtherPaths(_ path: String) {
    #expect(throws: ImportError.self) { try address("user/repo", path) }
  }
}
