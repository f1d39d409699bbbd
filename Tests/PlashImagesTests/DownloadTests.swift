import Foundation
import Glibc
import PlashRuntime
import Testing

@testable import PlashImages

/// Downloads from a server that lies in every way.
final class DownloadTests {
  private static let body = Array(repeating: Array(UInt8.min...UInt8.max), count: 400).flatMap { $0 }

  private let sandbox: Sandbox
  private let server: WebServer
  private let folder: Descriptor

  init() throws {
    sandbox = try Sandbox()
    server = try WebServer()
    folder = try Descriptor.open(Array(sandbox.path.utf8), O_RDONLY | O_DIRECTORY)
  }

  private var settings: DownloadSettings {
    var settings = DownloadSettings()
    settings.limit = 1 << 20
    settings.stallTime = 2
    settings.connectTime = 2
    return settings
  }

  /// The content, or why there is none.
  private func fetch(_ address: [UInt8], attempts: Int = 1, certificates: String? = nil) throws -> [UInt8] {
    var settings = settings
    settings.attempts = attempts
    settings.certificates = certificates.map { Array($0.utf8) }
    let download = try Downloader(settings).download(address, in: folder)
    let content = try download.file.readAll()
    #expect(download.size == content.count)
    var hash = PlashImages.SHA256()
    hash.update(content)
    #expect(hash.finish() == download.digest)
    return content
  }

  private func fault(_ address: [UInt8], attempts: Int = 1, certificates: String? = nil) throws -> DownloadFault? {
    do {
      _ = try fetch(address, attempts: attempts, certificates: certificates)
      return nil
    } catch ImportError.download(_, let fault) {
      return fault
    }
  }

  @Test(arguments: ["ok", "redirect", "more", "no-length"]) func fetches(_ path: String) throws {
    #expect(try fetch(server.address(path)) == DownloadTests.body)
    #expect(try sandbox.run("ls -A").isEmpty)
  }

  /// Nothing that is unpacked on the way is what was signed.
  @Test func fetchesPackedOnesAsTheyAre() throws {
    try sandbox.write("packed", fetch(server.address("packed")))
    try sandbox.run("gunzip <packed | gunzip >unpacked")
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: sandbox.path + "/unpacked"))) == DownloadTests.body)
  }

  @Test func fetchesOverIPv6() throws {
    let server = try WebServer(isIPv6: true)
    #expect(try fetch(server.address("ok")) == DownloadTests.body)
  }

  @Test func fetchesFiles() throws {
    try sandbox.write("a file", DownloadTests.body)
    #expect(try fetch(Array("file://\(sandbox.path)/a%20file".utf8)) == DownloadTests.body)
    guard case .transfer = try fault(Array("file://\(sandbox.path)/nothing".utf8)) else {
      Issue.record("a missing file")
      return
    }
  }

  @Test func triesAgain() throws {
    #expect(try fetch(server.address("broken"), attempts: 3) == DownloadTests.body)
    // Not after one second and then two, but when the server says.
    let start = ContinuousClock.now
    #expect(try fetch(server.address("busy"), attempts: 3) == DownloadTests.body)
    #expect(ContinuousClock.now - start < .seconds(3))
  }

  @Test func refusesOtherAnswers() throws {
    for status in [204, 206, 401, 403, 404, 416, 429, 500, 503] {
      let expected: DownloadFault = status == 206 ? .senselessAnswer : .status(status)
      #expect(try fault(server.address("status/\(status)")) == expected, "\(status)")
    }
    #expect(try fault(server.address("nothing")) == .status(404))
    #expect(try fault(server.address("loop")) == .redirection)
    #expect(try fault(server.address("to-file")) == .redirection)
    #expect(try fault(server.address("two-lengths")) == .senselessAnswer)
    for path in ["large-header", "endless-header"] {
      #expect(try fault(server.address(path)) == .senselessAnswer, "\(path)")
    }
    #expect(try fault(server.address("endless")) == .tooLarge(1 << 20))
    #expect(try fault(Array("ftp://127.0.0.1/x".utf8)) == .unsupportedAddress)
    #expect(try fault(Array("http://127.0.0.1/x y".utf8)) == .unsupportedAddress)
    #expect(try sandbox.run("ls -A").isEmpty)
  }

  @Test(arguments: ["cut", "cut-chunks", "large-trailer", "drip"]) func noticesBrokenTransfers(_ path: String) throws {
    guard case .transfer = try fault(server.address(path)) else {
      Issue.record("\(path)")
      return
    }
    #expect(try sandbox.run("ls -A").isEmpty)
  }

  @Test func resumes() throws {
    #expect(try fault(server.address("resumable")) != nil)
    #expect(try sandbox.run("cat [0-9a-f]*.tag; ls | wc -l") == "\"strong\"2\n")
    #expect(try fetch(server.address("resumable")) == DownloadTests.body)
    #expect(try sandbox.run("ls -A").isEmpty)
    #expect(try String(decoding: fetch(server.address("count")), as: UTF8.self).contains("'resumed /resumable', 50000"))
  }

  @Test func neverMixesTwoContents() throws {
    #expect(try fault(server.address("changing")) != nil)
    #expect(try fetch(server.address("changing")) == DownloadTests.body.reversed())
    #expect(try fault(server.address("ignorant")) != nil)
    #expect(try fetch(server.address("ignorant")) == DownloadTests.body.reversed())
    #expect(try fault(server.address("weak")) != nil)
    #expect(try fetch(server.address("weak")) == DownloadTests.body)
    #expect(try !String(decoding: fetch(server.address("count")), as: UTF8.self).contains("resumed"))
    #expect(try fault(server.address("wrong-part")) != nil)
    #expect(try fault(server.address("wrong-part")) == .senselessAnswer)
    #expect(try fault(server.address("no-range")) != nil)
    #expect(try fetch(server.address("no-range")) == DownloadTests.body)
  }

  @Test func comparesDigests() throws {
    let wrong = PlashImages.Digest(Array(repeating: 0, count: 32))
    #expect(throws: ImportError.self) {
      _ = try Downloader(settings).download(server.address("ok"), in: folder, digest: wrong)
    }
  }

  @Test func keepsCredentialsToItself() throws {
    #expect(try fetch(server.address("private", user: "me:secret@")) == DownloadTests.body)
    do {
      _ = try fetch(server.address("status/403", user: "me:secret@"))
      Issue.record("no error")
    } catch let error as ImportError {
      #expect(!error.message.contains("secret") && error.message.contains("127.0.0.1"))
    }
  }

  @Test func limitsSmallFiles() throws {
    let downloader = Downloader(settings)
    #expect(try downloader.content(of: server.address("ok"), limit: 1 << 20) == DownloadTests.body)
    #expect(throws: ImportError.download(server.address("ok"), .tooLarge(1000))) {
      try downloader.content(of: server.address("ok"), limit: 1000)
    }
  }

  @Test func trustsOnlyTheRightCertificates() throws {
    try sandbox.run(
      """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out certificate -days 2 \
        -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null
      openssl x509 -in certificate -signkey key -days -1 -out expired 2>/dev/null
      openssl req -x509 -key key -out elsewhere -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.2,DNS:localhost
      for name in certificate expired elsewhere; do cat key $name >$name-and-key; done
      """)
    let secure = try WebServer(certificate: sandbox.path + "/certificate-and-key")
    let address = secure.address("ok", scheme: "https")
    #expect(try fetch(address, certificates: sandbox.path + "/certificate") == DownloadTests.body)
    #expect(try fault(address) == .certificate(Bytes("SSL certificate problem: self-signed certificate")))
    let expected = [
      "expired": "SSL certificate problem: certificate has expired",
      "elsewhere": "SSL: no alternative certificate subject name matches target host name '127.0.0.1'",
    ]
    for (name, words) in expected {
      let path = sandbox.path + "/" + name
      let secure = try WebServer(certificate: path + "-and-key")
      let fault = try fault(secure.address("ok", scheme: "https"), attempts: 3, certificates: path)
      #expect(fault == .certificate(Bytes(words.utf8)))
    }
    let away = secure.address("to-http", scheme: "https")
    #expect(try fault(away, certificates: sandbox.path + "/certificate") == .redirection)
  }

  @Test func noServer() throws {
    for address in ["http://127.0.0.1:1/x", "http://[::1]:1/x"] {
      #expect(try fault(Array(address.utf8)) == .transfer(Bytes("Couldn't connect to server")), "\(address)")
    }
    #expect(try fault(Array("http://nothing.invalid/x".utf8)) == .transfer(Bytes("Couldn't resolve host name")))
  }

  /// Neither the handshake of https nor an answer is waited for without end.
  @Test(arguments: ["https", "http"]) func aServerThatSaysNothing(_ scheme: String) throws {
    let silent = try WebServer(isSilent: true)
    let start = ContinuousClock.now
    #expect(try fault(silent.address("x", scheme: scheme)) == .transfer(Bytes("Timeout was reached")))
    #expect(ContinuousClock.now - start < .seconds(8))
  }

  /// One of them downloads at a time; all get it, nothing is left.
  @Test func manyAtOnce() async throws {
    let address = server.address("resumable")
    let folder = sandbox.path
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let opened = try Descriptor.open(Array(folder.utf8), O_RDONLY | O_DIRECTORY)
          var settings = DownloadSettings()
          settings.attempts = 3
          return try Downloader(settings).download(address, in: opened).size
        }
      }
      for try await size in group { #expect(size == DownloadTests.body.count) }
    }
    #expect(try sandbox.run("ls -A").isEmpty)
  }
}
