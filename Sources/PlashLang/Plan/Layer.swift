/// The shell lines between two layer marks.
public struct Layer: Sendable {
  /// Line n of the script is `lines[n - 1]`.
  public let lines: [ScriptLine]

  /// The shell script: the lines, ending in one newline at least.
  public var script: [UInt8] { joinScript(lines.lazy.map { $0.text[...] }) }
}
