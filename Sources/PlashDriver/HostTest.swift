internal import PlashLang
internal import PlashRuntime

/// What plash is asked to do to find out whether it works on a host, in this order: each step needs those before it.
struct HostTest {
  private struct Step {
    let title: String
    let words: [String]
    /// What is printed.
    let output: String
  }

  private static let steps = [
    Step(title: "import", words: ["build", "--from-busybox"], output: "1\n"),
    Step(title: "build", words: ["build", "--from", "1", "--run", "echo built >/file"], output: "2\n"),
    Step(title: "build what is cached", words: ["build", "--from", "1", "--run", "echo built >/file"], output: "2\n"),
    Step(title: "run", words: ["run", "2", "sh", "-c", "cat /file; rm /file"], output: "built\n"),
    Step(title: "throw changes away", words: ["run", "2", "cat", "/file"], output: "built\n"),
    Step(title: "create", words: ["create", "2", "rm", "/file"], output: "3\n"),
    Step(title: "compare", words: ["diff", "2", "3"], output: "D /file\n"),
    Step(title: "export", words: ["export-tar", "3", "/dev/null"], output: ""),
    Step(title: "check", words: ["fsck", "--full"], output: ""),
    Step(title: "delete", words: ["rm", "1"], output: ""),
    Step(title: "purge", words: ["purge", "--yes"], output: ""),
  ]

  private let environment: [Bytes]

  /// A test that keeps its store in the new directory `data`.
  init(data: Bytes) {
    environment = Environment.setting(Bytes("PLASH_DATA"), to: data, in: Environment.entries)
  }

  /// Runs plash for each step, until one fails. Standard output gets a line for each in the Test Anything Protocol.
  func run() throws(DriverError) {
    try Process.print(Bytes("1..\(Self.steps.count)\n".utf8))
    for (index, step) in Self.steps.enumerated() {
      let failure = try failure(of: step)
      if let signal = Process.caughtSignal { throw .container(.interrupted(signal: signal)) }
      let result = failure == nil ? "ok" : "not ok"
      try Process.print(Bytes("\(result) \(index + 1) - \(step.title)\n".utf8))
      guard let failure else { continue }
      try Process.print(Bytes(failure.split(separator: 0x0A).flatMap { Bytes("# ") + $0 + [0x0A] }))
      throw .hostTestFailed(step.words.map { Bytes($0.utf8) })
    }
  }

  /// What was said on standard error, or that it was not what was expected on standard output.
  private func failure(of step: Step) throws(DriverError) -> Bytes? {
    let plash = Program(
      path: Bytes("/proc/self/exe"), arguments: step.words.map { Bytes($0.utf8) }, environment: environment)
    return try driving { () throws(SystemError) in
      let errors = try Descriptor.memoryFile("errors")
      let (output, status) = try plash.capture(errors: .descriptor(errors.number))
      if status.isSuccess && output == Bytes(step.output.utf8) { return nil }
      let summary = "exit status \(status.shellStatus), printed: \(output.printable)"
      return try errors.readAllFromStart() + Bytes(summary.utf8)
    }
  }
}

extension Session {
  /// Finds out whether plash works here. Whatever happens, nothing of it is left.
  public func testHost() throws(DriverError) {
    let store = try store()
    Process.catchSignals()
    let workspace = try driving { () throws(StoreError) in try store.makeWorkspace() }
    let outcome: Result<Void, DriverError>
    do throws(DriverError) {
      outcome = .success(try HostTest(data: workspace.path(in: store) + Bytes("/store")).run())
    } catch {
      outcome = .failure(error)
    }
    try? enterNamespace()
    try? workspace.remove()
    try outcome.get()
  }
}
