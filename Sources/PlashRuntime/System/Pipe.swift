internal import CPlashShims

/// Both ends of a pipe, close-on-exec.
struct Pipe: ~Copyable {
  let reader: Descriptor
  let writer: Descriptor

  private init(_ reader: consuming Descriptor, _ writer: consuming Descriptor) {
    self.reader = reader
    self.writer = writer
  }

  static func make() throws(SystemError) -> Pipe {
    var ends: [Int32] = [-1, -1]
    try check("pipe") { plash_pipe(&ends) }
    return Pipe(Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
  }

  /// Closes the writing end.
  consuming func takeReader() -> Descriptor { reader }

  /// Closes the reading end.
  consuming func takeWriter() -> Descriptor { writer }
}
