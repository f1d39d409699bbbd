internal import PlashRuntime

/// Where the body of an answer goes.
protocol TransferSink: AnyObject {
  /// A body comes whose first byte is at `offset` of the whole; what is known beyond that is to be forgotten.
  func begin(at offset: Int, entityTag: Bytes?) throws(ImportError)
  func receive(_ bytes: UnsafeRawBufferPointer) throws(ImportError)
}
