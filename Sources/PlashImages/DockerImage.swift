public import PlashRuntime

/// An image that docker or podman has or can pull.
///
/// To be used outside of any user namespace of ours: podman makes its own, docker's service wants to see the user.
public struct DockerImage: Sendable {
  private let name: Bytes
  private let executable: Bytes

  /// - Parameters:
  ///   - name: as docker knows it, like `alpine:3.20` or `registry.example/team/image@sha256:...`.
  ///   - searchPath: folders in which docker, then podman, is looked for.
  /// - Throws: `ImportError.invalidName` and `.programMissing`.
  public init(_ name: Bytes, searchPath: Bytes) throws(ImportError) {
    let isPlain = name.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    guard let first = name.first, first != 0x2D, isPlain else { throw .invalidName(name) }
    let programs = [Bytes("docker"), Bytes("podman")]
    guard let path = programs.lazy.compactMap({ Program.find($0, in: searchPath) }).first else {
      throw .programMissing("docker or podman", package: "podman")
    }
    self.name = name
    executable = path
  }

  /// Has a newer one fetched, if the registry has one. An image that no registry has stays as it is.
  public func refresh() { _ = try? run([Bytes("pull"), name]) }

  /// Writes its root file system as a tar archive to the descriptor `output`. The container that this takes is removed
  /// again, whatever happens.
  /// - Throws: `ImportError.programFailed` after the program has said on standard error what is wrong.
  public func write(to output: borrowing Descriptor) throws(ImportError) {
    // What it is told to run does not matter and is never run, but an image without a command needs one.
    let answer = try run([Bytes("create"), Bytes("--network=none"), name, Bytes("/")])
    let container = Bytes(answer.reversed().drop { $0 <= 0x20 }.prefix { $0 != 0x0A }.reversed())
    guard !container.isEmpty, container.allSatisfy({ hexadecimalValue($0) != nil }) else {
      throw .programFailed(executable, .exited(0))
    }
    let exported = export(container, to: output.number)
    _ = try? run([Bytes("rm"), Bytes("--force"), container])
    try exported.get()
  }

  private func export(_ container: Bytes, to output: Int32) -> Result<Void, ImportError> {
    do throws(ImportError) {
      let program = program([Bytes("export"), container])
      let status = try system { () throws(SystemError) in
        try Program.wait(for: program.start(output: .descriptor(output)))
      }
      if !status.isSuccess { throw .programFailed(executable, status) }
      return .success(())
    } catch {
      return .failure(error)
    }
  }

  private func run(_ arguments: [Bytes]) throws(ImportError) -> Bytes {
    let program = program(arguments)
    let result = try system { () throws(SystemError) in try program.capture() }
    if !result.status.isSuccess { throw .programFailed(executable, result.status) }
    return result.output
  }

  private func program(_ arguments: [Bytes]) -> Program {
    Program(path: executable, arguments: arguments, environment: Environment.entries)
  }
}
