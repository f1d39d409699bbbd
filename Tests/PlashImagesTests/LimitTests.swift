import Foundation
import Glibc
import PlashRuntime
import Testing

@testable import PlashImages

/// The limits of an import, each on its edge; and what a failing disk does.
struct LimitTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.run(
      """
      mkdir tree; cd tree; for n in 1 2 3 4 5 6 7 8; do head -c 100000 /dev/zero > f$n; done
      tar --owner=0 --group=0 --format=ustar -b 1 -cf ../archive f*
      """)
  }

  private func extract(_ root: String = "root", _ adjust: (inout ExtractionLimits) -> Void) throws -> ExtractionSummary
  {
    try sandbox.run("mkdir -p \(root)")
    let archive = try Descriptor.open(Array((sandbox.path + "/archive").utf8))
    let root = try Descriptor.open(Array((sandbox.path + "/" + root).utf8), O_RDONLY | O_DIRECTORY)
    var extractor = Extractor(owners: OwnerIDs(users: [0...65535], groups: [0...65535]))
    adjust(&extractor.limits)
    return try extractor.extract(archive, into: root)
  }

  @Test func bytes() throws {
    let size = try extract { _ in }.bytes
    #expect(try extract("again") { $0.bytes = size }.bytes == size)
    #expect(throws: ImportError.tooMuch(.bytes, size - 1)) { try extract("less") { $0.bytes = size - 1 } }
  }

  @Test func entries() throws {
    #expect(try extract { $0.entries = 8 }.entries == 8)
    #expect(throws: ImportError.tooMuch(.entries, 7)) { try extract("less") { $0.entries = 7 } }
  }

  /// Directories that only a name implies count as entries.
  @Test func impliedDirectories() throws {
    try sandbox.run("mkdir -p a/b/c; echo >a/b/c/f; tar -cf archive a/b/c/f")
    #expect(try extract { $0.entries = 4 }.entries == 1)
    #expect(throws: ImportError.tooMuch(.entries, 3)) { try extract("less") { $0.entries = 3 } }
  }

  @Test func header() throws {
    try sandbox.run("mkdir long; echo > long/$(printf 'n%.0s' $(seq 200)); tar --format=gnu -cf archive -C long .")
    #expect(try extract { $0.header = 203 }.entries == 2)
    #expect(throws: ImportError.tooMuch(.header, 100)) { try extract("less") { $0.header = 100 } }
  }

  @Test func memory() throws {
    try sandbox.run("xz -9 archive; mv archive.xz archive")
    #expect(try extract { _ in }.entries == 8)
    #expect(throws: ImportError.tooMuch(.memory, 8 << 20)) { try extract("less") { $0.memory = 8 << 20 } }
  }

  /// Those of directories, which wait to the end; those of files go when the file is written.
  @Test func memoryOfAttributes() throws {
    let attribute = "SCHILY.xattr.user.a:=" + String(repeating: "v", count: 1000)
    try sandbox.run("mkdir d e; echo >f; tar --format=posix --pax-option=\(attribute) -cf archive d e f")
    let size = 2 * (128 + "user.a".utf8.count + 1000)
    #expect(try extract { $0.memory = size }.entries == 3)
    #expect(throws: ImportError.tooMuch(.memory, size - 1)) { try extract("less") { $0.memory = size - 1 } }
  }

  /// The writers' failure is the one that is told, and nothing waits for ever. A pipe does not tell beforehand how much comes.
  @Test(.enabled(if: getuid() == 0)) func fullDisk() throws {
    let status = try sandbox.run(
      """
      exec unshare -m sh -ec 'mkdir small; mount -t tmpfs -o size=300k tmpfs small; cat archive | "$0" extract small || :' "$1"
      """, [probe])
    #expect(status == "write: No space left on device\n")
  }

  @Test func progress() throws {
    let archive = try Descriptor.open(Array((sandbox.path + "/archive").utf8))
    try sandbox.run("mkdir root")
    let root = try Descriptor.open(Array((sandbox.path + "/root").utf8), O_RDONLY | O_DIRECTORY)
    var extractor = Extractor(owners: OwnerIDs(users: [0...0], groups: [0...0]))
    nonisolated(unsafe) var told: [Int] = []
    extractor.progress = { told.append($0) }
    let summary = try extractor.extract(archive, into: root)
    #expect(told.count == 8 && told == told.sorted() && told.last == summary.bytes)
  }
}
