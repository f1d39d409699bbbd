/// What runs in a container that is a child of this process.
public struct ContainerCommand: Sendable {
  /// The program, looked up in the container, and its arguments.
  public var arguments: [Bytes]
  /// `NAME=value` entries: all that the program gets.
  public var environment: [Bytes]
  /// What the program can read from descriptor 3, line by line.
  public var script: Bytes?
  /// Descriptors of this process that become 0, 1 and 2.
  public var streams: (input: Int32, output: Int32, error: Int32) = (0, 1, 2)
  /// A descriptor of this process that becomes 3, where there is no script.
  public var report: Int32?
  /// Nothing of the caller but its streams and groups, which what is built from may be readable by: umask 022, all signals as
  /// by default, no controlling terminal, no personality.
  public var isClosed = true

  /// A command with this process's own streams.
  public init(_ arguments: [Bytes], environment: [Bytes], script: Bytes? = nil) {
    self.arguments = arguments
    self.environment = environment
    self.script = script
  }
}
