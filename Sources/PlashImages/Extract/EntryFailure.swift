internal import PlashRuntime

/// What can go wrong with an entry, before its name is known to the error.
enum EntryFailure: Error {
  case fault(EntryFault)
  /// A directory on the way is not there.
  case missing
  case other(ImportError)

  static func of<Result: ~Copyable>(_ body: () throws(ImportError) -> Result) throws(EntryFailure) -> Result {
    do {
      return try body()
    } catch {
      throw .other(error)
    }
  }
}

extension EntryFailure {
  /// The error to report for the entry `name`.
  func named(_ name: Bytes) -> ImportError {
    switch self {
    case .fault(let fault): .entry(name, fault)
    case .missing: .entry(name, .linkTargetMissing(name))
    case .other(let error): error
    }
  }
}
