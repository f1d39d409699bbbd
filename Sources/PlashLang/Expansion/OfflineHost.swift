/// A host that answers always the same and fetches nothing: for examples of macro libraries, and for lint.
struct OfflineHost: Host {
  /// Asked for nothing but Plashfiles and macro libraries.
  let files: any Host

  func environment(_ name: [UInt8]) -> [UInt8]? { nil }

  func standardInput() throws(HostError) -> [UInt8] { [] }

  func plashfile(at path: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile {
    try files.plashfile(at: path, besides: besides)
  }

  func contentDigest(of paths: [[UInt8]], besides: SourceFile) throws(HostError) -> [UInt8] {
    Array(String(repeating: "0", count: 64).utf8)
  }

  func image(_ reference: BaseReference) throws(HostError) -> [UInt8] { [UInt8(ascii: "1")] }

  func remotePlashfile(_ reference: RemoteReference) throws(HostError) -> SourceFile {
    throw .importForbidden
  }

  func macroLibrary(named name: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile {
    try files.macroLibrary(named: name, besides: besides)
  }

  func freshUUID() -> [UInt8] { Array("00000000-0000-4000-8000-000000000000".utf8) }
}
