import Glibc

@testable import PlashImages
@testable import PlashRuntime

/// Small parsers of what servers, files and users say: no trap, and what they accept is what it has to be.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0, let kind = start?.pointee else { return 0 }
  let text = Bytes(UnsafeBufferPointer(start: start, count: count).dropFirst())
  switch kind % 8 {
  case 0: checkIndex(text)
  case 1: checkDigests(text)
  case 2: checkSignature(text)
  case 3: checkAnswer(text)
  case 4: checkAddress(text)
  case 5: checkGitHub(text)
  case 6: checkDocker(text)
  default: checkSubordinateIDs(text)
  }
  return 0
}

private func checkIndex(_ text: Bytes) {
  let index = ImageIndex(text, architecture: Bytes("amd64"))
  for image in index.images {
    precondition(
      image.path.starts(with: Bytes("/images/")) && !image.path.contains { $0 <= 0x20 || $0 >= 0x7F }, "a path")
    precondition(!image.path.split(separator: 0x2F).contains(Bytes("..")[...]), "a path that leads up")
    precondition((try? index.image(image.name)) != nil, "an image that is not found by its name")
  }
  _ = try? index.image(Bytes(text.prefix(12)))
}

private func checkDigests(_ text: Bytes) {
  let file = Bytes("rootfs.tar.xz")
  guard let digest = LinuxContainers.digest(of: file, in: text) else { return }
  let lower = text.map { (0x41...0x46).contains($0) ? $0 | 0x20 : $0 }
  precondition(lower.contains(digest.hexadecimal), "a digest from nowhere")
  precondition(Digest(hexadecimal: digest.hexadecimal) == digest, "another digest")
}

private func checkSignature(_ text: Bytes) {
  guard let packets = try? SignaturePackets(text) else { return }
  precondition(!packets.content.isEmpty, "a signature of nothing")
  precondition((try? SignaturePackets(packets.content))?.content == packets.content, "packets that are none")
}

private func checkAnswer(_ text: Bytes) {
  var headers = AnswerHeaders()
  for line in text.split(separator: 0x0A) { _ = headers.add(Bytes(line)) }
  if let tag = headers.entityTag { precondition(tag.first == 0x22, "a weak tag") }
  precondition((0...999).contains(headers.status), "a status")
}

private func checkAddress(_ text: Bytes) {
  for text in [text, Bytes("https://user:secret@") + text] {
    guard let address = WebAddress(text) else { continue }
    precondition(
      address.isSecure == text.map({ $0 | 0x20 }).starts(with: Bytes("https:").map { $0 | 0x20 }), "a scheme")
    let host = address.withoutCredentials.drop { $0 != 0x3A }.dropFirst(3).prefix {
      $0 != 0x2F && $0 != 0x3F && $0 != 0x23
    }
    precondition(!host.contains(0x40), "a password that is shown")
  }
}

private func checkGitHub(_ text: Bytes) {
  let parts = text.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false).map { Bytes($0) }
  guard let file = try? GitHubFile(repository: parts[0], path: parts.last ?? []) else { return }
  let server = Bytes("https://raw.githubusercontent.com/")
  precondition(file.address.starts(with: server), "another server")
  let names = file.address.dropFirst(server.count).split(separator: 0x2F, omittingEmptySubsequences: false)
  precondition(
    names.count >= 4 && names.allSatisfy { !$0.isEmpty && $0 != Bytes(".")[...] && $0 != Bytes("..")[...] }, "a way up")
  precondition(!file.address.contains { $0 <= 0x20 || $0 >= 0x7F || $0 == 0x3F || $0 == 0x23 }, "more than a path")
}

private func checkDocker(_ text: Bytes) {
  guard (try? DockerImage(text, searchPath: Bytes("/bin"))) != nil else { return }
  precondition(text.first != 0x2D && !text.contains { $0 <= 0x20 || $0 >= 0x7F }, "an option as an image")
}

private func checkSubordinateIDs(_ text: Bytes) {
  let file = open("subuid", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  precondition(write(file, text, text.count) == text.count)
  close(file)
  let user = User(uid: 1000, gid: 1000, name: Bytes("dev"), home: nil)
  guard let ranges = try? user.subordinateIDs(in: Bytes("subuid")) else { return }
  precondition(ranges.allSatisfy { $0.count > 0 }, "an empty range")
  let taken = [IDRange(start: 1000, count: 1)] + IDMap(root: 1000, granted: ranges).subordinate
  for (index, range) in taken.enumerated() {
    precondition(!taken[..<index].contains(where: range.overlaps), "an id is mapped twice")
  }
}
