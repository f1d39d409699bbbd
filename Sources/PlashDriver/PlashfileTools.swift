internal import Glibc
internal import PlashLang
public import PlashRuntime

/// What is done with Plashfiles as texts: no image, no store.
public enum PlashfileTools {
  /// How lint findings are shown.
  public enum Form: Sendable {
    /// With the source line and a caret.
    case full
    /// A line for each: `file:line:column: message [rule]`.
    case short
    /// A JSON array of objects.
    case json
  }

  /// Brings Plashfiles into the canonical layout; those that are in it already are not touched.
  public static func format(_ files: [Bytes]) throws(DriverError) {
    for file in files {
      let (before, after) = try formatting(file)
      if before != after { try driving { () throws(SystemError) in try replace(file, with: after) } }
    }
  }

  /// Throws `.notFormatted` unless all are in the canonical layout.
  public static func checkFormat(of files: [Bytes]) throws(DriverError) {
    var others: [Bytes] = []
    for file in files {
      let (before, after) = try formatting(file)
      if before != after { others.append(file) }
    }
    if !others.isEmpty { throw .notFormatted(others) }
  }

  /// Prints standard input in the canonical layout.
  public static func formatStandardInput() throws(DriverError) {
    let text = try driving { () throws(SystemError) in try FileSystem.standardInput() }
    let source = SourceFile(path: Bytes("standard input"), text: text)
    try Process.print(try driving { () throws(CompileError) in try source.formatted() })
  }

  /// Prints what is probably not meant or no plan; throws `.lintFindings` if there is anything.
  public static func lint(_ files: [Bytes], as form: Form, for session: Session) throws(DriverError) {
    let libraries = try MacroLibraries(session.settings).standing()
    let host = SystemHost(session: session, imports: false)
    var findings: [LintFinding] = []
    for file in files {
      let source = SourceFile(path: file, text: try content(of: file))
      let found = source.lint(libraries: libraries, host: host)
      for finding in found {
        switch form {
        case .full: try Process.print(finding.diagnostic.rendered(inColour: Process.paints(1)))
        case .short: try Process.print(finding.short + Bytes("\n"))
        case .json: break
        }
      }
      findings += found
    }
    if case .json = form { try Process.print(JSON.array(findings.map(json)).text) }
    if !findings.isEmpty { throw .lintFindings(findings.count) }
  }

  private static func json(_ finding: LintFinding) -> JSON {
    let place = finding.origin.location
    return .object([
      ("file", .string(finding.origin.file.name)), ("line", .number(place.line)), ("column", .number(place.column)),
      ("rule", .string(Bytes(finding.rule.rawValue.utf8))), ("message", .string(Bytes(finding.message.utf8))),
    ])
  }

  private static func content(of file: Bytes) throws(DriverError) -> Bytes {
    try driving { () throws(SystemError) in try FileSystem.content(of: file) }
  }

  private static func formatting(_ file: Bytes) throws(DriverError) -> (before: Bytes, after: Bytes) {
    let text = try content(of: file)
    return (text, try driving { () throws(CompileError) in try SourceFile(path: file, text: text).formatted() })
  }

  /// A file is replaced at once, with its rights; what a link names is written in place.
  private static func replace(_ file: Bytes, with text: Bytes) throws(SystemError) {
    guard case .file(let mode) = try FileSystem.kind(of: file, followingLink: false) else {
      return try write(text, to: file, O_TRUNC)
    }
    let new = file + Bytes(".plash-fmt")
    try write(text, to: new, O_CREAT | O_TRUNC | O_NOFOLLOW)
    try FileSystem.changeMode(new, at: AT_FDCWD, to: mode)
    try FileSystem.rename(new, at: AT_FDCWD, to: file, at: AT_FDCWD)
  }

  private static func write(_ text: Bytes, to file: Bytes, _ flags: Int32) throws(SystemError) {
    let descriptor = try Descriptor.open(file, O_WRONLY | flags, mode: 0o600)
    try FileSystem.write(text, to: descriptor.number)
  }
}
