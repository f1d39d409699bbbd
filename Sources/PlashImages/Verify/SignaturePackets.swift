internal import PlashRuntime

/// The packets of a detached signature, RFC 4880: nothing but signatures of binary data counts as one. What gpg would
/// also take in its place (whole messages, text between armor, signatures that ignore line ends) is refused here.
struct SignaturePackets {
  /// No honest signature is larger.
  static let largest = 64 << 10
  /// No honest file has more signatures; gpg is asked about the key of each.
  static let most = 16

  /// The packets, without armor.
  let content: Bytes

  init(_ file: Bytes) throws(SignatureFault) {
    if file.count > SignaturePackets.largest { throw .tooLarge }
    guard let content = file.first.map({ $0 & 0x80 == 0 }) == true ? Armor.content(of: file) : file,
      let count = SignaturePackets.countSignatures(content)
    else { throw .unreadable }
    if count > SignaturePackets.most { throw .tooLarge }
    self.content = content
  }

  /// Nil: there is something else too, or nothing.
  private static func countSignatures(_ content: Bytes) -> Int? {
    var rest = content[...]
    var count = 0
    while !rest.isEmpty {
      guard let packet = takePacket(&rest), packet.tag == 2, isOfBinaryData(packet.body) else { return nil }
      count += 1
    }
    return count > 0 ? count : nil
  }

  private static func takePacket(_ rest: inout ArraySlice<UInt8>) -> (tag: UInt8, body: Bytes)? {
    guard let first = rest.popFirst(), first & 0x80 != 0 else { return nil }
    let isNew = first & 0x40 != 0
    guard let length = isNew ? takeNewLength(&rest) : takeOldLength(first & 3, &rest), length <= rest.count
    else { return nil }
    let body = Bytes(rest.prefix(length))
    rest = rest.dropFirst(length)
    return (isNew ? first & 0x3F : (first & 0x3C) >> 2, body)
  }

  private static func takeNewLength(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard let first = rest.popFirst() else { return nil }
    switch first {
    case ..<192: return Int(first)
    case ..<224: return rest.popFirst().map { (Int(first) - 192) << 8 + Int($0) + 192 }
    case 255: return takeNumber(4, &rest)
    // The length of a part only: no signature is so long.
    default: return nil
    }
  }

  private static func takeOldLength(_ type: UInt8, _ rest: inout ArraySlice<UInt8>) -> Int? {
    type == 3 ? nil : takeNumber(1 << type, &rest)
  }

  private static func takeNumber(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
  }

  /// Version 4 and 5 have the type second, version 3 third.
  private static func isOfBinaryData(_ body: Bytes) -> Bool {
    switch body.first {
    case 3: body.count > 2 && body[2] == 0
    case 4, 5: body.count > 1 && body[1] == 0
    default: false
    }
  }
}
