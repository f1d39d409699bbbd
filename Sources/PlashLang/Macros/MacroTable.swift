/// The macros that are known at one point of an expansion, by name.
struct MacroTable {
  enum Macro {
    case primitive(Primitive)
    case definition(MacroDefinition)
    case packages(PackageMacro)
    /// A macro of an embedded library that nobody has asked for yet: its lines.
    case unread(SourceFile, SourceSpan)
  }

  private var macros: [[UInt8]: Macro] = [:]

  /// The primitives alone.
  init() {
    macros.reserveCapacity(128)
    add(Primitive.allCases)
  }

  private mutating func add(_ primitives: [Primitive]) {
    for primitive in primitives { macros[Array(primitive.rawValue.utf8)] = .primitive(primitive) }
  }

  /// All names, sorted.
  var names: [[UInt8]] { macros.keys.sorted { $0.lexicographicallyPrecedes($1) } }

  /// Gives the macro, never `.unread`.
  subscript(name: ArraySlice<UInt8>) -> Macro? {
    mutating get throws(CompileError) {
      let name = Array(name)
      guard case .unread(let file, let region)? = macros[name] else { return macros[name] }
      let macro = Macro.definition(try MacroFile.definition(in: region, of: file))
      macros[name] = macro
      return macro
    }
  }

  mutating func define(_ name: [UInt8], _ macro: Macro) {
    macros[name] = macro
  }

  /// Adds all macros of a library; those of the same name are replaced.
  mutating func add(_ library: SourceFile) throws(CompileError) {
    if library.isEmbedded {
      for (name, region) in EmbeddedIndex.regions(of: library) { macros[name] = .unread(library, region) }
    } else {
      for definition in try MacroFile.definitions(of: library) {
        macros[definition.name] = .definition(definition)
      }
    }
  }

  /// Forgets all but `hint`, `import` and `reset-imports`.
  mutating func reset() {
    macros.removeAll()
    add(Primitive.allCases.filter(\.isBuiltin))
  }
}
