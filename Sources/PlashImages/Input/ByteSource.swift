/// Where bytes come from, in order.
protocol ByteSource: AnyObject {
  /// Fills the beginning of `buffer` and gives the number of bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int
}
