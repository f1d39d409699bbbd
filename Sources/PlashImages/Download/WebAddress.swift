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

  /// For messages.
  var withoutCredentials: Bytes { text.withoutCredentials }

  private func hasScheme(_ scheme: Bytes) -> Bool {
    text.count > scheme.count && text.prefix(scheme.count).map { $0 | 0x20 } == scheme.map { $0 | 0x20 }
  }
}
