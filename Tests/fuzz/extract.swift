import Glibc

@testable import PlashImages
@testable import PlashRuntime

/// The whole extractor, in a folder of the working directory: no trap; nothing outside of it changes; what came in is
/// written and read again without a difference.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let archive = FuzzedArchive(start, count).content
  guard case .success(let digest) = extract(archive, into: Bytes("root")) else { return 0 }
  let written = export(Bytes("root"))
  let again = extract(written, into: Bytes("again"))
  // A file that the archive itself replaces by a directory counts as one, and is not written.
  if again == .failure(.noFiles) { return 0 }
  precondition(again == .success(digest), "not what was written")
  precondition(export(Bytes("again")) == written, "not written the same")
  return 0
}

/// The digest of what came in.
private func extract(_ archive: Bytes, into root: Bytes) -> Result<Digest, ImportError> {
  do {
    _ = canary
    try? FileSystem.removeTree(root, at: AT_FDCWD)
    try FileSystem.makeDirectory(root, at: AT_FDCWD, mode: 0o700)
    let opened = try Descriptor.open(root, O_RDONLY | O_DIRECTORY)
    let input = try Descriptor.memoryFile("archive")
    try input.write(archive)
    lseek(input.number, 0, SEEK_SET)
    var extractor = Extractor(owners: OwnerIDs(users: [0...0], groups: [0...0]))
    extractor.limits.bytes = 4 << 20
    extractor.limits.header = 1 << 14
    extractor.limits.freeSpace = 0
    defer { checkCanary() }
    return .success(try extractor.extract(input, into: opened).digest)
  } catch let error as ImportError {
    return .failure(error)
  } catch {
    preconditionFailure("\(error)")
  }
}

private func export(_ root: Bytes) -> Bytes {
  do {
    let opened = try Descriptor.open(root, O_RDONLY | O_DIRECTORY)
    let output = try Descriptor.memoryFile("written")
    let number = output.number
    try Exporter().export(layers: [opened.number], to: output)
    lseek(number, 0, SEEK_SET)
    return try output.readAll()
  } catch {
    preconditionFailure("what came in cannot be written: \(error)")
  }
}

/// What lies beside the root directory, where `../` leads to.
private let canary: stat = {
  mkdir("victim", 0o777)
  close(open("victim/canary", O_WRONLY | O_CREAT, 0o666))
  return status("victim")
}()

private func checkCanary() {
  precondition(status("victim/canary").st_size == 0 && status("victim/canary").st_nlink == 1, "the canary was touched")
  let now = status("victim")
  precondition(now.st_mtim.tv_sec == canary.st_mtim.tv_sec && now.st_mode == canary.st_mode, "the victim was touched")
}

private func status(_ path: String) -> stat {
  var status = stat()
  precondition(lstat(path, &status) == 0, "the victim is gone")
  return status
}
