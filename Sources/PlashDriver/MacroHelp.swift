internal import PlashLang
public import PlashRuntime

/// The documentation of macros.
public struct MacroHelp {
  private let macros: [MacroDocumentation]

  /// Of the macros that are there without an import, or of one library.
  public init(_ session: Session, library name: Bytes? = nil) throws(DriverError) {
    var macros = name == nil ? MacroDocumentation.primitives : []
    for library in try Self.libraries(name, of: MacroLibraries(session.settings)) {
      macros += try driving { () throws(CompileError) in try MacroDocumentation.macros(of: library) }
    }
    // A later definition takes the place of an earlier one.
    let current = Dictionary(macros.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.macros = current.values.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  private static func libraries(_ name: Bytes?, of all: MacroLibraries) throws(DriverError) -> [SourceFile] {
    if let name { return [try all.library(name)] }
    return try all.standing()
  }

  /// All macros, a line each.
  public var overview: Bytes {
    let width = macros.map(\.usage.count).max() ?? 0
    let lines = macros.map { macro in
      let padding = Bytes(repeating: 0x20, count: min(width, 36) - min(macro.usage.count, min(width, 36)) + 2)
      return macro.usage + padding + macro.text.prefix { $0 != 0x0A } + [0x0A]
    }
    return Bytes(lines.joined())
  }

  /// All there is to say about the macro `name`, which is without dashes; nil if there is none.
  public func description(of name: Bytes) -> Bytes? {
    guard let macro = macros.first(where: { $0.name == name }) else { return nil }
    var text = Bytes("usage: ") + macro.usage + [0x0A] + macro.text + [0x0A]
    if !macro.expansion.isEmpty {
      text += Bytes("\nIt stands for:\n") + macro.expansion.flatMap { Bytes("  ") + $0 + [0x0A] }
    }
    let place = macro.origin.map { $0.file.name + Bytes(":\($0.location.line)".utf8) } ?? Bytes("the program itself")
    return text + Bytes("\nDefined in ") + place + Bytes(".\n")
  }
}
