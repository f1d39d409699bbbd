extension [UInt8] {
  /// An address without the name and password that it may contain, and without what its query says, which may be a token:
  /// for messages and logs. The first stand before the last `@` of the part that ends at the first `/`, `?` or `#` (RFC
  /// 3986). What is no address stays as it is.
  public var withoutCredentials: [UInt8] {
    guard let start = range(of: [0x3A, 0x2F, 0x2F])?.upperBound else { return self }
    let authority = self[start...].prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
    let host = authority.lastIndex(of: 0x40).map { $0 + 1 } ?? start
    let query = query(from: authority.endIndex)
    let end = query.isEmpty ? [UInt8](self[authority.endIndex...]) : hidden(query, from: authority.endIndex)
    return [UInt8](self[..<start]) + self[host..<authority.endIndex] + end
  }

  /// The same, but of two addresses with different queries different ones: for names.
  public var nameWithoutCredentials: [UInt8] {
    guard let start = range(of: [0x3A, 0x2F, 0x2F])?.upperBound else { return self }
    let query = query(from: start)
    if query.isEmpty { return withoutCredentials }
    return withoutCredentials + SHA256.digest(of: [UInt8](query)).hexadecimal.prefix(16)
  }

  private func hidden(_ query: ArraySlice<UInt8>, from start: Int) -> [UInt8] {
    self[start..<query.startIndex] + [0x2E, 0x2E, 0x2E] + self[query.endIndex...]
  }

  /// What stands between the first `?` behind `start` and a `#`.
  private func query(from start: Int) -> ArraySlice<UInt8> {
    let rest = self[start...].prefix { $0 != 0x23 }
    guard let mark = rest.firstIndex(of: 0x3F) else { return [] }
    return rest[(mark + 1)...]
  }
}
