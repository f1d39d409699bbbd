public import PlashRuntime

/// What is wrong with a line of a configuration file.
public enum ConfigurationFault: Equatable, Sendable {
  /// It is no `NAME=VALUE`.
  case noValue
  /// There is no setting of this name.
  case unknownName(Bytes)
  /// The value begins with a quote and does not end with it.
  case openQuote
}
