import Foundation
import Glibc
import PlashRuntime
import Testing

@testable import PlashImages

/// Images through docker: a stand-in that notes what it is told, and podman itself.
struct DockerTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  private func standIn(_ script: String) throws -> Bytes {
    try sandbox.run(
      """
      mkdir -p bin tree; echo content > tree/file; tar -C tree -cf tree.tar .
      printf '%s\n' '#!/bin/sh' 'cd "$(dirname "$0")/.."; echo "$@" >> log' "$1" > bin/docker; chmod 755 bin/docker
      """, [script])
    return Array((sandbox.path + "/bin").utf8)
  }

  private func write(_ name: String, searchPath: Bytes) throws {
    let output = try Descriptor.open(Array((sandbox.path + "/out.tar").utf8), O_WRONLY | O_CREAT | O_TRUNC)
    try DockerImage(Array(name.utf8), searchPath: searchPath).write(to: output)
  }

  @Test func exportsAndCleansUp() throws {
    let path = try standIn("case $1 in create) echo pulling; echo 0123abcd;; export) cat tree.tar;; esac")
    try write("alpine:3.20", searchPath: path)
    #expect(
      try sandbox.run("cat log") == "create --network=none alpine:3.20 /\nexport 0123abcd\nrm --force 0123abcd\n")
    #expect(try sandbox.run("cmp out.tar tree.tar").isEmpty)
  }

  @Test func cleansUpAfterAFailure() throws {
    let path = try standIn("case $1 in create) echo 0123abcd;; export) exit 7;; esac")
    #expect(throws: ImportError.self) { try write("alpine", searchPath: path) }
    #expect(try sandbox.run("tail -n 1 log") == "rm --force 0123abcd\n")
  }

  @Test(arguments: ["exit 1", "echo 'not an id'", "true"]) func noticesThatNothingWasMade(_ script: String) throws {
    let path = try standIn(script)
    #expect(throws: ImportError.self) { try write("alpine", searchPath: path) }
  }

  @Test(arguments: ["", "-v", "--help", "a b", "a\nb"]) func refusesOtherNames(_ name: String) throws {
    let path = try standIn("true")
    #expect(throws: ImportError.invalidName(Array(name.utf8))) { try write(name, searchPath: path) }
    #expect(try sandbox.run("ls").contains("log") == false)
  }

  @Test func saysWhatIsMissing() throws {
    #expect(throws: ImportError.programMissing("docker or podman", package: "podman")) {
      try write("alpine", searchPath: [])
    }
  }

  /// What we export, podman imports; what podman has, we import.
  @Test(.enabled(if: getuid() == 0)) func podman() throws {
    try sandbox.run(
      """
      mkdir -p bin tree/etc; echo content > tree/etc/file; chown 12:34 tree/etc/file; ln -s etc/file tree/link
      "$1" export tree > tree.tar
      storage="--root=$PWD/storage --runroot=$PWD/run --storage-driver=vfs --cgroup-manager=cgroupfs"
      printf '%s\n' '#!/bin/sh' "exec podman $storage \\"\\$@\\"" > bin/docker; chmod 755 bin/docker
      bin/docker import --quiet tree.tar local:1 2>/dev/null >&2
      """, [probe])
    try write("localhost/local:1", searchPath: Array((sandbox.path + "/bin").utf8))
    let listing = "tar --numeric-owner -tvf out.tar | grep -c ' 12/34 .* etc/file$\\| link -> etc/file$'"
    #expect(try sandbox.run(listing) == "2\n")
    #expect(try sandbox.run("bin/docker ps --all --quiet").isEmpty)
  }
}
