internal import Glibc
internal import PlashLang
internal import PlashRuntime

/// Puts errors into words and exit statuses: the only place besides `Diagnostic` that does.
public struct Report {
  private let error: DriverError

  /// The report of an error.
  public init(_ error: DriverError) { self.error = error }

  /// Writes the message to standard error and ends the process.
  public func end() -> Never { end(with: status) }

  /// The same with another status.
  public func end(with status: Int32) -> Never {
    // Whatever failed then, it did because of the signal.
    if let signal = Process.caughtSignal { Process.die(of: signal) }
    if case .container(.interrupted(let signal)) = error { Process.die(of: signal) }
    Process.complain(rendered(inColour: Process.paints(2)))
    Process.end(status)
  }

  /// What is written to standard error: one line, and for an error in a text the place with a caret below it.
  func rendered(inColour: Bool) -> Bytes {
    let prefix = inColour ? Bytes("\u{1B}[1;31mplash error:\u{1B}[0m ") : Bytes("plash error: ")
    switch error {
    case .usage(let line): return Bytes("usage: \(line)\n".utf8)
    case .compile(let error): return Bytes("plash ") + Diagnostic(error).rendered(inColour: inColour)
    case .build(.scriptFailed(let layer, let line, let status, _), let layers):
      let message = "build failed with exit status \(status.shellStatus)"
      guard layers.indices.contains(layer), layers[layer].lines.indices.contains(line) else {
        return prefix + Bytes("\(message)\n".utf8)
      }
      let origin = layers[layer].lines[line].origin
      return Bytes("plash ") + Diagnostic(message, at: origin).rendered(inColour: inColour)
    default: return prefix + reason + [0x0A]
    }
  }

  /// The message alone, in one line.
  var reason: Bytes { Bytes(ReportWords.words(error).utf8) }

  /// What the process exits with.
  var status: Int32 {
    switch error {
    case .usage, .invalidOption, .noBase, .store(.invalidID), .store(.invalidName): 2
    case .store(.unknownImage): 3
    case .commandFailed: 4
    // A build has layers; this is `create`.
    case .build(.container(.cannotExecute), let layers) where layers.isEmpty: 4
    case .container(.cannotExecute(_, let code)), .cannotExecute(_, let code):
      [ENOENT, ELIBACC].contains(code) ? 127 : 126
    case .container, .unknownCommand, .noCommand, .unknownMacro, .unknownLibrary, .examplesFailed, .notFormatted,
      .lintFindings,
      .compile, .build, .noEntrypoint,
      .store, .namespace, .system, .outOfReach, .noDataDirectory,
      .incompleteInstallation, .importFailed, .dockerFromInside, .emptyImage, .noProc, .mountNeedsNamespace,
      .invalidSetting,
      .importForbidden, .unknownMapKey, .lock, .copyFailed, .hostTestFailed:
      1
    }
  }
}
