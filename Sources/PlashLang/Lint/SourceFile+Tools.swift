extension SourceFile {
  /// The Plashfile in its canonical layout: the same statements, the same comments.
  ///
  /// - Returns: the whole text; formatting it again changes nothing.
  /// - Throws: if it is no well-formed Plashfile.
  public func formatted() throws(CompileError) -> [UInt8] {
    try Formatter.format(self)
  }

  /// What is allowed in the Plashfile and probably not meant.
  ///
  /// - Returns: the findings in the order of the text.
  /// - Throws: if it is no well-formed Plashfile.
  public func lint() throws(CompileError) -> [LintFinding] {
    try Linter.findings(in: self)
  }
}
