internal import PlashLang
internal import PlashMacros
internal import PlashRuntime

/// Where macro libraries are found: `PLASH_MACROS` (folders, colons between), the user's configuration, the system's, and
/// the ones that are part of the program.
struct MacroLibraries {
  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  /// The libraries that are there without being imported: the standard macros and the user's `default.yaml`.
  func standing() throws(DriverError) -> [SourceFile] {
    let path = configuration.map { $0 + Bytes("/default.yaml") }
    guard let path, FileSystem.exists(path) else { return Self.embedded.filter { $0.name == Bytes("standard") } }
    let text = try driving { () throws(SystemError) in try FileSystem.content(of: path) }
    return Self.embedded.filter { $0.name == Bytes("standard") } + [SourceFile(path: path, text: text)]
  }

  /// The library of this name, from the first place that has it; nil if none has.
  func named(_ name: Bytes) throws(SystemError) -> SourceFile? {
    guard let path = folders.map({ $0 + [0x2F] + name + Bytes(".yaml") }).first(where: { FileSystem.exists($0) }) else {
      return Self.embedded.first { $0.name == name }
    }
    return SourceFile(path: path, text: try FileSystem.content(of: path))
  }

  /// The library of this name, or at this path if there is a slash in it.
  func library(_ name: Bytes) throws(DriverError) -> SourceFile {
    let library = try driving { () throws(SystemError) in
      name.contains(0x2F) ? SourceFile(path: name, text: try FileSystem.content(of: name)) : try named(name)
    }
    guard let library else { throw .unknownLibrary(name) }
    return library
  }

  /// The names of all libraries that can be imported, sorted.
  var names: [Bytes] {
    let files = folders.flatMap { folder in (try? Descriptor.open(folder).entries()) ?? [] }
    let suffix = Bytes(".yaml")
    let found = files.filter { $0.suffix(suffix.count).elementsEqual(suffix) }.map { Bytes($0.dropLast(suffix.count)) }
    return Set(found + Self.embedded.map(\.name)).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Where libraries are looked for, first to last.
  private var folders: [Bytes] {
    let own = (Environment.value(Bytes("PLASH_MACROS")) ?? []).split(separator: 0x3A).map { Bytes($0) }
    return own + [configuration, Bytes("/etc/plash/macros")].compactMap { $0 }
  }

  private var configuration: Bytes? {
    if let path = Environment.value(Bytes("XDG_CONFIG_HOME")), path.first == 0x2F {
      return path + Bytes("/plash/macros")
    }
    return settings.home.map { $0 + Bytes("/.config/plash/macros") }
  }

  /// The libraries that are part of the program.
  static var embedded: [SourceFile] {
    var count = 0
    let libraries = UnsafeBufferPointer(start: plash_macro_libraries(&count), count: count)
    return libraries.map { library in
      SourceFile(
        embedded: Bytes(cString: library.name),
        text: Bytes(UnsafeBufferPointer(start: library.text, count: library.size)))
    }
  }
}
