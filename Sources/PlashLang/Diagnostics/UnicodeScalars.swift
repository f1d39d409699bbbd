/// The characters of a text that may not be UTF-8: each step gives one scalar and its bytes, or one stray byte.
struct UnicodeScalars: Sequence, IteratorProtocol {
  /// `scalar` is nil for a byte that is no part of valid UTF-8.
  typealias Element = (scalar: Unicode.Scalar?, bytes: ArraySlice<UInt8>)

  private var rest: ArraySlice<UInt8>

  init(of text: ArraySlice<UInt8>) {
    rest = text
  }

  /// How many characters there are.
  var count: Int { reduce(0) { count, _ in count + 1 } }

  mutating func next() -> Element? {
    guard let first = rest.first else { return nil }
    if first < 0x80 { return take(1, Unicode.Scalar(first)) }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = rest.makeIterator()
    guard case .valid(let encoded) = decoder.parseScalar(from: &iterator) else { return take(1, nil) }
    return take(encoded.count, Unicode.UTF8.decode(encoded))
  }

  private mutating func take(_ count: Int, _ scalar: Unicode.Scalar?) -> Element {
    let bytes = rest.prefix(count)
    rest = rest.dropFirst(count)
    return (scalar, bytes)
  }
}
