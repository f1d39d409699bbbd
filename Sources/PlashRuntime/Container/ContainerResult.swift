/// How the program in a container ended.
public struct ContainerResult: Equatable, Sendable {
  /// Its exit status.
  public let status: ExitStatus
  /// How many lines of its script it had read. What failed is in the last of them, or in the command that ends there.
  public let linesTaken: Int
}
