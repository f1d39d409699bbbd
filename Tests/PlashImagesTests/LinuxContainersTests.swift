import Foundation
import Glibc
import PlashRuntime
import Testing

@testable import PlashImages

/// Images from a mirror that the tests make and sign.
final class LinuxContainersTests {
  private let sandbox: Sandbox
  private let server: WebServer
  private var source: LinuxContainers
  private let root: Descriptor
  private let folder: Descriptor

  init() throws {
    sandbox = try Sandbox()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus/mirror.sh")
    try sandbox.run("sh \"$1\"; mkdir root downloads scratch", [script.path])
    server = try WebServer(files: sandbox.path + "/mirror")
    source = LinuxContainers(mirror: server.address(""))
    source.key = SigningKey(content: Array(try Data(contentsOf: URL(fileURLWithPath: sandbox.path + "/mirror.key"))))
    source.download.attempts = 1
    root = try Descriptor.open(Array((sandbox.path + "/root").utf8), O_RDONLY | O_DIRECTORY)
    folder = try Descriptor.open(Array((sandbox.path + "/downloads").utf8), O_RDONLY | O_DIRECTORY)
  }

  private var scratch: Bytes { Array((sandbox.path + "/scratch").utf8) }

  private func fill(_ name: String) throws -> String {
    let extractor = Extractor(owners: OwnerIDs(users: [0...65535], groups: [0...65535]))
    let filled = try source.fill(
      root, with: Array(name.utf8), scratch: scratch, downloads: folder, extractor: extractor)
    #expect(try sandbox.run("ls -A scratch downloads | grep -v :") == "lxc-newest\n\n")
    return String(decoding: filled.image.name, as: UTF8.self)
  }

  @Test func importsAnImage() throws {
    #expect(try fill("alpine") == "alpine:3.10")
    #expect(
      try sandbox.run("cut -d' ' -f1,2,4 root/etc/image; sed 's/.*_//' root/etc/image")
        == "alpine 3.10 default\n13:00\n")
  }

  @Test func understandsNames() throws {
    let index = try source.index(scratch: scratch)
    let expected = [
      "alpine": "alpine:3.10", "alpine:3.9": "alpine:3.9", "alpine:edge": "alpine:edge", "debian": "debian:trixie",
      "debian:12": "debian:bookworm", "debian:13": "debian:trixie", "debian:trixie:cloud": "debian:trixie:cloud",
      "debian/trixie": "debian:trixie", "noble": "ubuntu:noble", "ubuntu:24.04": "ubuntu:noble",
      "archlinux": "archlinux:current", "centos:9-Stream": "centos:9-Stream", "gentoo": "gentoo:current:openrc",
    ]
    for (name, image) in expected {
      #expect(try String(decoding: index.image(Array(name.utf8)).name, as: UTF8.self) == image, "\(name)")
    }
    #expect(!index.images.contains { $0.distribution == Bytes("evil") })
    #expect(index.images.count == 11)
  }

  /// Releases in the making are the last choice; those without numbers go by when they were built.
  @Test func knowsTheNewestRelease() throws {
    let lines = [
      "debian;bookworm;x;default;20261123_05:24", "debian;forky;x;default;20261123_05:24",
      "debian;trixie;x;default;20261122_05:24", "devuan;ceres;x;default;20261123_05:24",
      "devuan;excalibur;x;default;20261123_05:24", "devuan;freia;x;default;20261123_05:24",
      "mint;virginia;x;default;20261123_05:24", "mint;xia;x;default;20261122_05:24",
      "odd;alba;x;default;20240101_05:24", "odd;berta;x;default;20261123_05:24",
    ].map { $0 + ";/images/x/\n" }
    let index = ImageIndex(Bytes(lines.joined().utf8), architecture: Bytes("x"))
    for (name, image) in [
      "debian": "debian:trixie", "debian:14": "debian:forky", "devuan": "devuan:excalibur", "mint": "mint:xia",
      "mint:21.3": "mint:virginia", "odd": "odd:berta",
    ] {
      #expect(try String(decoding: index.image(Array(name.utf8)).name, as: UTF8.self) == image, "\(name)")
    }
    let nothing = ImageIndex([], architecture: Bytes("x"))
    let error = #expect(throws: ImportError.self) { try nothing.image(Bytes("alpine")) }
    #expect(error?.message.hasSuffix("the server has none for this machine") == true)
  }

  @Test func saysWhatThereIsInstead() throws {
    let index = try source.index(scratch: scratch)
    do {
      _ = try index.image(Bytes("alpin:3.10"))
      Issue.record("no error")
    } catch {
      #expect(error.message.hasPrefix("there is no image `alpin:3.10`; nearest: alpine:3.10, alpine:3.9"))
    }
    for name in ["", ":", "alpine:", "a:b:c:d"] {
      #expect(throws: ImportError.self) { try index.image(Array(name.utf8)) }
    }
  }

  @Test(arguments: [
    ("echo 'x;y;z;default;20200101_00:00;/images/x/' >> mirror/meta/1.0/index-user", "WRONG"),
    ("rm mirror/meta/1.0/index-user.asc", "404"),
    ("echo '<html>' > mirror/meta/1.0/index-user.asc", "not a detached signature"),
    ("find mirror -name SHA256SUMS -exec sh -c 'echo >> $0' {} \\;", "WRONG"),
    ("find mirror -name rootfs.tar.xz -exec sh -c 'echo >> $0' {} \\;", "its SHA-256 is"),
    ("find mirror -name rootfs.tar.xz -delete", "404"),
    ("rm -r mirror/images", "404"),
    ("rm -r mirror/meta", "404"),
  ]) func refusesWhatIsNotSigned(_ change: String, _ words: String) throws {
    try sandbox.run(change)
    do {
      _ = try fill("alpine")
      Issue.record("no error")
    } catch let error as ImportError {
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(try sandbox.run("ls -A root").isEmpty)
  }

  @Test func refusesAnotherKey() throws {
    source.key = .linuxContainers
    guard case .signature(.unknownKey, _) = #expect(throws: ImportError.self, performing: { try fill("alpine") }) else {
      Issue.record("another error")
      return
    }
  }

  @Test func remembersTheLastIndex() throws {
    var nowhere = LinuxContainers(mirror: Bytes("http://127.0.0.1:1"))
    nowhere.key = source.key
    nowhere.download.attempts = 1
    #expect(throws: ImportError.self) { try nowhere.index(scratch: scratch, rememberedIn: folder) }
    #expect(try source.index(scratch: scratch, rememberedIn: folder).isCurrent)
    let last = try nowhere.index(scratch: scratch, rememberedIn: folder)
    #expect(!last.isCurrent && last.index.images.count == 11)
    // A server that answers something else is not down.
    try sandbox.run("rm -r mirror/meta")
    #expect(throws: ImportError.self) { try source.index(scratch: scratch, rememberedIn: folder) }
    try sandbox.run("echo >> downloads/lxc-index")
    let file = Bytes((sandbox.path + "/downloads/lxc-index").utf8)
    #expect(throws: ImportError.signature(.bad, of: file)) { try nowhere.index(scratch: scratch, rememberedIn: folder) }
  }

  @Test func noticesAnOldIndex() throws {
    source.oldest = -2
    #expect(throws: ImportError.self) { try source.index(scratch: scratch) }
    #expect(throws: ImportError.self) { try source.index(scratch: scratch, rememberedIn: folder) }
    #expect(try sandbox.run("ls -A downloads").isEmpty)
    source.oldest = 1
    #expect(throws: Never.self) { try source.index(scratch: scratch) }
  }
}
