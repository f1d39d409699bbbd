/// A program that is running and whose standard output can be read.
public struct PipedProgram: ~Copyable {
  /// The end of the pipe to read from.
  public let output: Descriptor
  private let child: Int32

  init(_ output: consuming Descriptor, child: Int32) {
    self.output = output
    self.child = child
  }

  /// Closes the pipe, so that a program that still writes is ended, and waits.
  public consuming func finish() throws(SystemError) -> ExitStatus {
    let child = child
    discardOutput()
    return try Program.wait(for: child)
  }

  private consuming func discardOutput() {}
}
