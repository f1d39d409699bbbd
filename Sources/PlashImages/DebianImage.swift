internal import Glibc
public import PlashRuntime

/// A minimal Debian, put together by mmdebstrap from Debian's packages; apt verifies Debian's signatures.
public struct DebianImage: Sendable {
  private let suite: Bytes
  private let mirror: Bytes?
  private let executable: Bytes

  /// - Parameters:
  ///   - suite: as `bookworm` or `stable`.
  ///   - mirror: address of a package mirror; nil: mmdebstrap's own choice, with security updates.
  ///   - searchPath: folders in which mmdebstrap is looked for.
  public init(suite: Bytes, mirror: Bytes?, searchPath: Bytes) throws(ImportError) {
    let isName = suite.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x2D || $0 == 0x2E }
    guard let first = suite.first, first != 0x2D, first != 0x2E, isName else { throw .invalidName(suite) }
    guard let path = Program.find(Bytes("mmdebstrap"), in: searchPath + Bytes(":/usr/bin")) else {
      throw .programMissing("mmdebstrap", package: "mmdebstrap")
    }
    self.suite = suite
    self.mirror = mirror
    executable = path
  }

  /// mmdebstrap mounts a devpts whose terminals belong to uid 5, which a single id does not include. So its devices are
  /// left out, and those that packages need come by hooks.
  private static let withoutTerminals = [
    "--skip=chroot/mount/dev",
    #"--setup-hook=mkdir -p "$1/dev" && "#
      + #"for d in \#(devices); do : >"$1/dev/$d" && mount --bind "/dev/$d" "$1/dev/$d" || exit 1; done"#,
    #"--customize-hook=for d in \#(devices); do umount "$1/dev/$d" && rm "$1/dev/$d" || exit 1; done"#,
  ].map { Bytes($0.utf8) }

  private static let devices = "full null random tty urandom zero"

  /// What mmdebstrap gets as its mirror: the address, or if there is a password in it a file, as everybody sees arguments.
  private func sourceList(_ mirror: Bytes, in scratch: Bytes) throws(ImportError) -> Bytes {
    if mirror == mirror.withoutCredentials { return mirror }
    let isLine = mirror.starts(with: Bytes("deb "))
    let line = isLine ? mirror : Bytes("deb ") + mirror + [0x20] + suite + Bytes(" main")
    let path = scratch + Bytes("/mirror.list")
    try importing { () throws(SystemError) in
      try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600).write(line + [0x0A])
    }
    return path
  }

  /// Fills the empty directory `root`. `scratch` is the path of a folder that is deleted afterwards, whatever happens.
  public func fill(
    _ root: borrowing Descriptor, scratch: Bytes, with extractor: Extractor
  ) throws(ImportError) -> ExtractionSummary {
    let source = try mirror.map { mirror throws(ImportError) in try sourceList(mirror, in: scratch) }
    let program = Program(
      path: executable,
      arguments: [Bytes("--mode=root"), Bytes("--variant=minbase")]
        + (extractor.owners.isSingle ? Self.withoutTerminals : []) + [suite, Bytes("-")] + (source.map { [$0] } ?? []),
      environment: Environment.setting(Bytes("TMPDIR"), to: scratch, in: Environment.entries))
    let running = try importing { () throws(SystemError) in try program.startPiped() }
    let result: ExtractionSummary?
    var failure: ImportError?
    do {
      result = try extractor.extract(running.output, into: root)
    } catch {
      result = nil
      failure = error
    }
    let status: ExitStatus
    do throws(SystemError) {
      status = try running.finish()
    } catch {
      throw .system(error)
    }
    // Its own failure explains a broken archive; that it was ended because nobody read on explains nothing.
    if case .exited(let code) = status, code != 0 { throw .programFailed(Bytes("mmdebstrap"), status) }
    guard let result else { throw failure ?? .programFailed(Bytes("mmdebstrap"), status) }
    return result
  }
}
