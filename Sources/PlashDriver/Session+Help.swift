public import PlashRuntime

extension Session {
  /// The documentation of all macros that are there without an import, a line each.
  public func macroHelp() throws(DriverError) -> Bytes { [] }
}
