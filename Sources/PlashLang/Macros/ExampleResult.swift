/// What became of an example that a macro library carries.
public struct ExampleResult: Sendable {
  /// The macro that has the example.
  public let macro: [UInt8]
  /// Where the example stands.
  public let origin: Origin
  /// The script that the library promises.
  public let expected: [UInt8]
  /// The script that the call gives, or why it gives none.
  public let outcome: Result<[UInt8], CompileError>

  /// The library keeps its promise.
  public var isPassed: Bool {
    guard case .success(let script) = outcome else { return false }
    return script == expected
  }

  /// Runs all examples of a library, on a host where every image is 1, every digest and UUID is 0, and no variable is set.
  /// - Parameters:
  ///   - library: the library to check; its macros are there without `--import`.
  ///   - libraries: what else is there without `--import`.
  ///   - host: asked for nothing but the Plashfiles and macro libraries that examples name.
  /// - Returns: the results in the order of the examples.
  /// - Throws: if a library is not well-formed.
  public static func ofExamples(
    in library: SourceFile, libraries: [SourceFile], host: any Host
  ) throws(CompileError) -> [ExampleResult] {
    var table = MacroTable()
    for library in libraries + [library] { try table.add(library) }
    return try MacroFile.definitions(of: library).flatMap { macro in
      macro.examples.map { ExampleResult($0, of: macro, table, host) }
    }
  }

  private init(_ example: MacroExample, of macro: MacroDefinition, _ table: MacroTable, _ host: any Host) {
    self.macro = macro.name
    origin = Origin(file: macro.file, span: example.span, expansion: nil)
    // A scalar of YAML may have no newline at its end, a script has.
    expected = example.script + (example.script.isEmpty || example.script.last == 0x0A ? [] : [0x0A])
    var expander = Expander(host: OfflineHost(files: host), macros: table)
    do throws(CompileError) {
      try expander.expand(SourceFile(arguments: example.call), in: nil)
      outcome = .success(BuildPlan(instructions: expander.instructions).script)
    } catch {
      outcome = .failure(error)
    }
  }
}
