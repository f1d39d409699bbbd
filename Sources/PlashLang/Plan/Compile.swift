/// Turns a Plashfile into a build plan.
///
/// All or nothing; the same texts and the same answers of the host give the same plan.
/// - Parameters:
///   - source: the Plashfile, or the macros of a command line.
///   - libraries: the macro libraries that are there without `--import`, in YAML; later ones win.
///   - host: answers what the macros ask of the world.
/// - Returns: the plan.
/// - Throws: the first thing that is wrong.
public func compile(
  _ source: SourceFile, libraries: [SourceFile], host: any Host
) throws(CompileError) -> BuildPlan {
  var macros = MacroTable()
  for library in libraries { try macros.add(library) }
  var expander = Expander(host: host, macros: macros)
  try expander.expand(source, in: nil)
  return BuildPlan(instructions: expander.instructions)
}
