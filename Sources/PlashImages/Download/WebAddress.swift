internal import PlashRuntime

/// An address to fetch from.
struct WebAddress {
  let text: Bytes

  /// Nil unless it is one of http, https or file without control characters.
  init?(_ text: Bytes) {
    guard text.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
    self.text = text
    guard isSecure || hasScheme(Bytes("http://")) || hasScheme(Bytes("file:///")) else { return nil }
  }

  var isSecure: Bool { hasScheme(Bytes("https://")) }

  /// Not a file of this machine.
  var isWeb: Bool { !hasScheme(Bytes("file:///")) }

  /// Without the name and password that it may contain: for messages.
  var withoutCredentials: Bytes {
    guard let start = text.firstIndex(of: 0x3A).map({ $0 + 3 }) else { return text }
    let host = text[start...].prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
    guard let at = host.lastIndex(of: 0x40) else { return text }
    return Bytes(text[..<start]) + Bytes(text[(at + 1)...])
  }

  private func hasScheme(_ scheme: Bytes) -> Bool {
    text.count > scheme.count && text.prefix(scheme.count).map { $0 | 0x20 } == scheme.map { $0 | 0x20 }
  }
}
