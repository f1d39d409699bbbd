public import PlashLang
public import PlashRuntime

extension Session {
  /// What a Plashfile or the macros of a command line ask for. Bases that are not here are imported, unless that is
  /// not wanted.
  public func plan(_ source: SourceFile, importing: Bool = true) throws(DriverError) -> BuildPlan {
    let host = SystemHost(session: self, imports: importing)
    let libraries = try MacroLibraries(settings).standing()
    do throws(CompileError) {
      return try compile(source, libraries: libraries, host: host)
    } catch {
      throw hostFailure ?? .compile(error)
    }
  }

  /// The image that the plan asks for, built if it is not here yet.
  public func build(_ plan: BuildPlan) throws(DriverError) -> Image {
    guard let base = plan.base else { throw .noBase }
    let image = try image(base)
    let builder = Builder(
      store: try store(), ids: ids, workingDirectory: FileSystem.currentDirectory(),
      enterNamespace: { [self] () throws(NamespaceError) in
        Process.catchSignals()
        try finishNamespace()
      },
      origin: { Bytes((plan.layers[$0].place ?? "").utf8) },
      waiting: { Process.complain(WaitingWords.layer(plan.layers[$0], builtBy: $1)) })
    do throws(BuildError) {
      return try builder.build(on: image, layers: plan.layers.map(\.script))
    } catch {
      if case .scriptFailed(_, _, _, let full) = error {
        explain(full)
        explainSingleID()
      }
      throw .build(error, layers: plan.layers)
    }
  }

  /// If the disk was full when a program ended that failed, that may be why.
  func explain(_ full: StoreError?) {
    if let full { note(ReportWords.words(.store(full))) }
  }

  /// Some things cannot be pretended. So whoever has a single id hears of it where it may be the reason.
  private func explainSingleID() {
    guard case .single(let reason) = ids else { return }
    note("there is no user but root in this build: \(NamespaceWords.words(reason))")
  }

  private func note(_ words: String) { Process.complain(Bytes("plash: \(words)\n".utf8)) }
}
