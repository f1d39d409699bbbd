extension [UInt8] {
  /// An address without the name and password that it may contain: for messages, names and logs. They stand before the
  /// last `@` of the part that ends at the first `/`, `?` or `#` (RFC 3986). What is no address stays as it is.
  public var withoutCredentials: [UInt8] {
    guard let start = range(of: [0x3A, 0x2F, 0x2F])?.upperBound else { return self }
    let authority = self[start...].prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
    guard let at = authority.lastIndex(of: 0x40) else { return self }
    return [UInt8](self[..<start]) + self[(at + 1)...]
  }
}
