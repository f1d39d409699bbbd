import PlashMacros

@testable import PlashLang

/// The embedded libraries, as the program uses them.
enum Standard {
  static let libraries: [SourceFile] = {
    var count = 0
    let libraries = plash_macro_libraries(&count)
    return UnsafeBufferPointer(start: libraries, count: count).map { library in
      SourceFile(
        embedded: Array(String(cString: library.name).utf8) + Array(".yaml".utf8),
        text: Array(UnsafeBufferPointer(start: library.text, count: library.size)))
    }
  }()
}

/// Compiles and gives the script as text, or the rendered error.
func evaluate(_ source: SourceFile, _ host: FakeHost = FakeHost()) throws(CompileError) -> String {
  String(decoding: try compile(source, libraries: Standard.libraries, host: host).script, as: UTF8.self)
}

extension SourceFile {
  /// A Plashfile of this text.
  static func plashfile(_ text: String) -> SourceFile {
    SourceFile(path: Array("Plashfile".utf8), text: Array(text.utf8))
  }

  /// A command line of these words.
  static func arguments(_ words: String...) -> SourceFile {
    SourceFile(arguments: words.map { Array($0.utf8) })
  }
}

/// An error as a person sees it.
func rendered(_ error: CompileError) -> String {
  String(decoding: Diagnostic(error).rendered(), as: UTF8.self)
}
