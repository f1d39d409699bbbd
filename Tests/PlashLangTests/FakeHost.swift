@testable import PlashLang

/// A host in memory.
struct FakeHost: Host {
  var variables: [String: String] = [:]
  var input: [UInt8] = []
  var files: [String: String] = [:]
  var libraries: [String: String] = [:]
  var remote: [String: String] = [:]
  var map: [String: String] = ["fav": "1", "favourite": "1"]
  var reader = InputReader()

  /// Standard input can be read again.
  mutating func rewind() { reader = InputReader() }

  func environment(_ name: [UInt8]) -> [UInt8]? {
    variables[String(decoding: name, as: UTF8.self)].map { Array($0.utf8) }
  }

  func standardInput() throws(HostError) -> [UInt8] {
    reader.takeOnce(input)
  }

  func plashfile(at path: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile {
    let name = String(decoding: path, as: UTF8.self)
    let plain = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    if plain == "unreadable" { throw .unreadable(path: path, reason: Array("Permission denied".utf8)) }
    guard let text = files[plain] else { throw .notFound(paths: [path]) }
    return SourceFile(path: path, text: Array(text.utf8))
  }

  func contentDigest(of paths: [[UInt8]], besides: SourceFile) throws(HostError) -> [UInt8] {
    for path in paths where files[String(decoding: path, as: UTF8.self)] == nil {
      throw .notFound(paths: [path])
    }
    return Array("d16e57".utf8)
  }

  func image(_ reference: BaseReference) throws(HostError) -> [UInt8] {
    if reference.name == Array("not-here".utf8) { throw .importForbidden }
    if reference.name.suffix(5) == Array("fails".utf8)[...] {
      throw .failed(
        reason: Array(
          "the server answers 404 for \u{1B}[2J\(String(decoding: reference.name, as: UTF8.self))".utf8))
    }
    guard reference.source == .map else { return Array("1".utf8) }
    guard let id = map[String(decoding: reference.name, as: UTF8.self)] else {
      throw .unknownMapKey(reference.name)
    }
    return Array(id.utf8)
  }

  func remotePlashfile(_ reference: RemoteReference) throws(HostError) -> SourceFile {
    let address =
      switch reference {
      case .github(let repository, let file): repository + Array("/".utf8) + file
      case .url(let url): url
      }
    guard let text = remote[String(decoding: address, as: UTF8.self)] else {
      throw .notFound(paths: [address])
    }
    return SourceFile(remote: address, text: Array(text.utf8))
  }

  func macroLibrary(named name: [UInt8], besides: SourceFile) throws(HostError) -> SourceFile {
    if name == Array("large".utf8) {
      return SourceFile(
        path: name, text: Array(repeating: UInt8(ascii: "\n"), count: YAMLDocument.maximumSize + 1))
    }
    guard let text = libraries[String(decoding: name, as: UTF8.self)] else {
      let known = libraries.keys.sorted().map { Array($0.utf8) }
      throw .unknownLibrary(name: name, known: known)
    }
    return SourceFile(path: name, text: Array(text.utf8))
  }

  func freshUUID() -> [UInt8] { Array("01234567-89ab-4cde-8f01-23456789abcd".utf8) }

  final class InputReader {
    private var isRead = false

    func takeOnce(_ input: [UInt8]) -> [UInt8] {
      defer { isRead = true }
      return isRead ? [] : input
    }
  }
}
