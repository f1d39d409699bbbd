import PlashDriver
import PlashRuntime

/// A command of plash.
struct Command: Sendable {
  let name: String
  /// The arguments, as the usage line shows them.
  let arguments: String
  /// What it does, for `--help`; the first line is for `plash help`.
  let description: String
  /// Whether macros may stand in place of the image's id: they are built first.
  var buildsInline = false
  /// How many arguments it takes.
  let counts: ClosedRange<Int>
  let run: @Sendable (_ arguments: [Bytes], _ session: Session) throws(DriverError) -> Void

  var usage: String { "plash \(name)" + (arguments.isEmpty ? "" : " \(arguments)") }

  static let many = 1 << 20
}
