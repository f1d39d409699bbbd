internal import Glibc
internal import PlashRuntime

/// A download in the making. It has a name only while it can be resumed: when the server named the exact content by a
/// strong entity tag. A second process that wants the same waits, and then finds nothing to do but to begin.
final class PartialFile: TransferSink {
  private let folder: Int32
  private let name: Bytes
  private let address: WebAddress
  private let file: Descriptor
  private var space: FreeSpace
  private var hasName = true
  private var hash = SHA256()
  private var size = 0

  /// Opens, in the directory `folder`, the file for `address`. `keeping`: as for `FreeSpace`.
  init(_ address: WebAddress, in folder: Int32, keeping reserve: Int?) throws(ImportError) {
    self.folder = folder
    self.address = address
    space = try FreeSpace(of: folder, keeping: reserve)
    var hash = SHA256()
    hash.update(address.text)
    name = hash.finish().hexadecimal
    file = try PartialFile.open(name, folder)
  }

  deinit { if entityTag == nil { forget() } }

  /// What is here already.
  func resumable() throws(ImportError) -> (offset: Int, entityTag: Bytes)? {
    guard let entityTag else { return nil }
    let end = try call("lseek") { lseek(file.number, 0, SEEK_END) }
    return end > 0 ? (end, entityTag) : nil
  }

  func begin(at offset: Int, length: Int?, entityTag: Bytes?) throws(ImportError) {
    try leavingRoom(for: length) { () throws(ImportError) in try space.check(leavingFor: length ?? 0) }
    hash = SHA256()
    size = 0
    try call("lseek") { lseek(file.number, 0, SEEK_SET) }
    if offset > 0 {
      try digestPart(offset)
    } else {
      try call("ftruncate") { ftruncate(file.number, 0) }
      try remember(entityTag)
    }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) throws(ImportError) {
    hash.update(bytes)
    size += bytes.count
    try leavingRoom(for: nil) { () throws(ImportError) in
      try space.check(after: size)
      var done = 0
      while done < bytes.count {
        let start = bytes.baseAddress?.advanced(by: done)
        done += try call("write") { write(file.number, start, bytes.count - done) }
      }
    }
  }

  /// What there is no room for is not kept to be resumed either.
  private func leavingRoom(for length: Int?, _ body: () throws(ImportError) -> Void) throws(ImportError) {
    do throws(ImportError) {
      try body()
    } catch .tooMuch(.freeSpace, let reserve) {
      forget()
      let fault = DownloadFault.noRoom(folder: Descriptor.path(of: folder), length: length, reserve: reserve)
      throw .download(address.withoutCredentials, fault)
    } catch {
      if case .system(let cause) = error, [ENOSPC, EDQUOT].contains(cause.code) { forget() }
      throw error
    }
  }

  /// The whole content, without a name from now on.
  func finish() throws(ImportError) -> Download {
    forget()
    try call("lseek") { lseek(file.number, 0, SEEK_SET) }
    let copy = try call("dup") { fcntl(file.number, F_DUPFD_CLOEXEC, 3) }
    return Download(file: Descriptor(owning: copy), digest: hash.finish(), size: size)
  }

  /// What is here is a part of nothing.
  func startOver() { try? FileSystem.remove(tagName, at: folder) }

  /// Once only: then the name may be another process's.
  private func forget() {
    guard hasName else { return }
    hasName = false
    for name in [tagName, name] { try? FileSystem.remove(name, at: folder) }
  }

  private var tagName: Bytes { name + Bytes(".tag") }

  private var entityTag: Bytes? {
    guard hasName else { return nil }
    let tag = try? FileSystem.content(of: tagName, at: folder)
    return tag?.isEmpty == false ? tag : nil
  }

  private func remember(_ tag: Bytes?) throws(ImportError) {
    // What cannot be resumed has no name, so that nothing is left of it however this process ends.
    guard hasName, let tag else { return forget() }
    try? FileSystem.remove(tagName, at: folder)
    try system { () throws(SystemError) in
      let file = try Descriptor.open(tagName, at: folder, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
      try file.write(tag)
    }
  }

  private func digestPart(_ count: Int) throws(ImportError) {
    while size < count {
      let piece = try system { () throws(SystemError) in try file.read(upTo: min(1 << 20, count - size)) }
      if piece.isEmpty { throw .changed(name) }
      hash.update(piece)
      size += piece.count
    }
  }

  /// The file may lose its name before it is locked, when the process that has it is done: then it is made anew.
  private static func open(_ name: Bytes, _ folder: Int32) throws(ImportError) -> Descriptor {
    try system { () throws(SystemError) in
      while true {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW
        let file = try Descriptor.open(name, at: folder, flags, mode: 0o600)
        try file.lock(exclusive: true, waiting: true)
        var status = stat()
        try check("fstat", name) { fstat(file.number, &status) }
        if status.st_nlink > 0 { return file }
      }
    }
  }
}
