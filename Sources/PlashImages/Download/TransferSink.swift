internal import PlashRuntime

/// Where the body of an answer goes.
protocol TransferSink: AnyObject {
  /// A body comes whose first byte is at `offset` of the whole; what is known beyond that is to be forgotten. `length`: of
  /// the body, in bytes, if the server says it.
  func begin(at offset: Int, length: Int?, entityTag: Bytes?) throws(ImportError)
  func receive(_ bytes: UnsafeRawBufferPointer) throws(ImportError)
}
