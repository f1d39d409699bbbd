internal import PlashRuntime

/// The result of a call that returns -1 and sets errno on failure.
@discardableResult
func call<Number: SignedInteger>(
  _ name: String, _ path: @autoclosure () -> Bytes = [], _ body: () -> Number
) throws(ImportError) -> Number {
  do {
    return try check(name, path(), body)
  } catch {
    throw .system(error)
  }
}

/// The result of `body`, its failure as one of ours.
func system<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(ImportError) -> Result {
  do {
    return try body()
  } catch {
    throw .system(error)
  }
}
