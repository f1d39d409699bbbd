import Glibc

/// The world of a fuzz target: everything is there, nothing is real.
struct FuzzHost: Host {
  /// The text of every file, library and remote Plashfile.
  let text: [UInt8]

  func environment(_ name: [UInt8]) -> [UInt8]? { text }

  func standardInput() throws(HostError) -> [UInt8] { text }

  func plashfile(at path: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile {
    if path.first == UInt8(ascii: "!") { throw .notFound(paths: [path]) }
    return SourceFile(path: path, text: Array(text.suffix(path.count)))
  }

  func contentDigest(of paths: [[UInt8]], besides: SourceFile) throws(HostError) -> [UInt8] {
    [UInt8(ascii: "0")]
  }

  func image(_ reference: BaseReference) throws(HostError) -> [UInt8] { [UInt8(ascii: "1")] }

  func remotePlashfile(_ reference: RemoteReference) throws(HostError) -> SourceFile {
    SourceFile(remote: Array("remote".utf8), text: text)
  }

  func macroLibrary(named name: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile {
    SourceFile(path: name, text: text)
  }

  func freshUUID() -> [UInt8] { [UInt8(ascii: "0")] }

  /// The standard macros: the fuzzer runs in the top folder of the project.
  static let standard = SourceFile(embedded: Array("standard.yaml".utf8), text: read("macros/standard.yaml"))

  private static func read(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY)
    precondition(file >= 0, "run it in the top folder of the project")
    defer { close(file) }
    var content = [UInt8](repeating: 0, count: 1 << 20)
    return Array(content.prefix(Glibc.read(file, &content, content.count)))
  }
}

/// The plan, or the rendered error, which has to be safe to show.
func planOrError(_ source: SourceFile, _ libraries: [SourceFile], _ host: FuzzHost) -> BuildPlan? {
  do throws(CompileError) {
    return try compile(source, libraries: libraries, host: host)
  } catch {
    let shown = Diagnostic(error).rendered()
    precondition(
      shown.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }, "a raw control byte in an error")
    precondition(String(validating: shown, as: UTF8.self) != nil, "an error that is not UTF-8")
    return nil
  }
}
