internal import Glibc

/// Text of the user and names of files: whatever bytes they are, UTF-8 or not.
public typealias Bytes = [UInt8]

extension [UInt8] {
  /// The bytes of a string of ours.
  public init(_ text: StaticString) {
    self = text.withUTF8Buffer { [UInt8]($0) }
  }

  /// The bytes up to the NUL that `text` ends with.
  public init(cString text: UnsafePointer<CChar>) {
    self = text.withMemoryRebound(to: UInt8.self, capacity: strlen(text)) {
      [UInt8](UnsafeBufferPointer(start: $0, count: strlen(text)))
    }
  }

  /// Where `text` is found first, as a range of indices. The standard library's own search brings its regular expressions
  /// along, at 0.1 ms and 4 MB.
  public func range(of text: [UInt8]) -> Range<Int>? {
    let last = count - text.count
    guard last >= 0 else { return nil }
    return (0...last).first { self[$0..<$0 + text.count].elementsEqual(text) }.map { $0..<$0 + text.count }
  }

  /// Calls `body` with these bytes as a C string. A NUL inside ends it early: callers refuse NUL where text comes in.
  public func withCString<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let terminated = ContiguousArray(self) + CollectionOfOne(0)
    return try terminated.withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in
      guard let start = buffer.baseAddress else { preconditionFailure("empty C string") }
      return try body(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
    }
  }
}
