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

  /// The files in which a library of this name may be, in the order in which they are looked at.
  func candidates(for name: Bytes) -> [Bytes] {
    let own = (Environment.value(Bytes("PLASH_MACROS")) ?? []).split(separator: 0x3A).map { Bytes($0) }
    let folders = own + [configuration, Bytes("/etc/plash/macros")].compactMap { $0 }
    return folders.map { $0 + [0x2F] + name + Bytes(".yaml") }
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
