internal import Glibc
public import PlashRuntime

/// A small root file system around the host's static busybox: a base that needs no network.
public struct BusyboxImage: Sendable {
  private let executable: Bytes

  /// Finds busybox in the folders of `searchPath`. It has to be static: the image has no libraries.
  public init(searchPath: Bytes) throws(ImportError) {
    guard let path = Program.find(Bytes("busybox"), in: searchPath + Bytes(":/bin:/usr/bin")),
      Self.isStatic(try importing { () throws(SystemError) in try FileSystem.content(of: path) })
    else { throw .programMissing("a static busybox", package: "busybox-static") }
    executable = path
  }

  /// Fills the empty directory `root` and gives a digest of what is in it.
  public func fill(_ root: borrowing Descriptor) throws(ImportError) -> Bytes {
    let content = try importing { () throws(SystemError) in try FileSystem.content(of: executable) }
    let applets = try applets()
    do throws(SystemError) {
      for (path, mode) in Self.folders { try Self.makeFolder(path, mode, root.number) }
      for (path, text) in Self.files { try Self.makeFile(path, Bytes(text.utf8), 0o644, root.number) }
      try Self.makeFile("bin/busybox", content, 0o755, root.number)
      for applet in applets where applet != Bytes("bin/busybox") {
        try Self.makeParent(of: applet, root.number)
        try FileSystem.makeLink(applet, at: root.number, to: Bytes("/bin/busybox"))
      }
    } catch {
      throw .system(error)
    }
    var hash = PlashRuntime.SHA256()
    hash.update(content + Bytes(applets.joined(separator: [0x0A])))
    return hash.digest().hexadecimal
  }

  private static let folders: [(String, UInt32)] = [
    ("bin", 0o755), ("dev", 0o755), ("etc", 0o755), ("home", 0o755), ("proc", 0o755), ("root", 0o700),
    ("run", 0o755),
    ("sbin", 0o755), ("sys", 0o755), ("tmp", 0o1777), ("usr", 0o755), ("usr/bin", 0o755), ("usr/sbin", 0o755),
    ("var", 0o755), ("var/tmp", 0o1777),
  ]

  private static let files: [(String, String)] = [
    ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"),
    ("etc/group", "root:x:0:\nnogroup:x:65534:\n"), ("etc/resolv.conf", ""),
  ]

  private static func makeFolder(_ path: String, _ mode: UInt32, _ root: Int32) throws(SystemError) {
    let path = Bytes(path.utf8)
    try FileSystem.makeDirectory(path, at: root, mode: mode)
    try FileSystem.changeMode(path, at: root, to: mode)
  }

  private static func makeFile(_ path: String, _ content: Bytes, _ mode: UInt32, _ root: Int32)
    throws(SystemError)
  {
    let path = Bytes(path.utf8)
    try Descriptor.open(path, at: root, O_WRONLY | O_CREAT | O_EXCL, mode: mode).write(content)
    try FileSystem.changeMode(path, at: root, to: mode)
  }

  private static func makeParent(of path: Bytes, _ root: Int32) throws(SystemError) {
    let parent = Bytes(path[..<(path.lastIndex(of: 0x2F) ?? 0)])
    if !parent.isEmpty, !FileSystem.exists(parent, at: root) {
      try makeParent(of: parent, root)
      try FileSystem.makeDirectory(parent, at: root, mode: 0o755)
      try FileSystem.changeMode(parent, at: root, to: 0o755)
    }
  }

  /// The paths of busybox's commands, as `bin/ls`.
  private func applets() throws(ImportError) -> [Bytes] {
    let program = Program(path: executable, arguments: [Bytes("--list-full")], environment: [])
    let (output, status) = try importing { () throws(SystemError) in try program.capture() }
    if !status.isSuccess { throw .programFailed(Bytes("busybox"), status) }
    return output.split(separator: 0x0A).map { Bytes($0.drop { $0 == 0x2F }) }
  }

  /// An ELF executable without a program interpreter needs no libraries (elf(5): PT_INTERP is 3). `plash` runs on 64-bit
  /// machines of either byte order; those of its own order are read here.
  private static func isStatic(_ file: Bytes) -> Bool {
    func number(at offset: Int, _ count: Int) -> Int {
      (0..<count).reversed().reduce(0) { $0 << 8 | Int(file[offset + $1]) }
    }
    guard file.count > 64, file.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) else { return false }
    let (table, size, count) = (number(at: 32, 8), number(at: 54, 2), number(at: 56, 2))
    guard size >= 56, table >= 0, table + size * count <= file.count else { return false }
    return !(0..<count).contains { number(at: table + size * $0, 4) == 3 }
  }
}

/// Makes failures of system calls those of the import.
func importing<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(ImportError) -> Result {
  do {
    return try body()
  } catch {
    throw .system(error)
  }
}
