extension SourceFile {
  /// The Plashfile in its canonical layout: the same statements, the same comments.
  ///
  /// - Returns: the whole text; formatting it again changes nothing.
  /// - Throws: if it is no well-formed Plashfile.
  public func formatted() throws(CompileError) -> [UInt8] {
    try Formatter.format(self)
  }

  /// What is allowed in the Plashfile and probably not meant, and the first thing that a build refuses, as far as no text
  /// has to be fetched. Of a macro library (`NAME.yaml`) what makes it none.
  ///
  /// - Parameters:
  ///   - libraries: the macro libraries that are there without `--import`.
  ///   - host: asked for nothing but Plashfiles and macro libraries.
  /// - Returns: the findings in the order of the text, the error last.
  public func lint(libraries: [SourceFile], host: any Host) -> [LintFinding] {
    var findings: [LintFinding] = []
    do throws(CompileError) {
      if name.suffix(5).elementsEqual(".yaml".utf8) {
        _ = try MacroFile.definitions(of: self)
      } else {
        findings = try Linter.findings(in: self)
        _ = try compile(self, libraries: libraries, host: OfflineHost(files: host))
      }
    } catch {
      // What would be fetched may define macros: behind it none is unknown for sure.
      if case .host(.importForbidden) = error.kind { return findings }
      findings.append(LintFinding(error))
    }
    return findings
  }
}
