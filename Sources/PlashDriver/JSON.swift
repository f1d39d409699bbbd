internal import PlashRuntime

/// A value to be written as JSON (RFC 8259), which is Unicode; names of files are not. What is not UTF-8 becomes U+FFFD, and
/// the object gets a member more: `NAME_hex`, the bytes of `NAME` in hexadecimal digits.
enum JSON {
  case null
  case bool(Bool)
  case number(Int)
  case string(Bytes)
  case array([JSON])
  case object([(name: String, value: JSON)])

  /// The text, ending in a newline; two blanks for each level.
  var text: Bytes { Bytes((rendered("") + "\n").utf8) }

  private func rendered(_ indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .null: return "null"
    case .bool(let value): return "\(value)"
    case .number(let number): return "\(number)"
    case .string(let bytes): return Self.quoted(String(decoding: bytes, as: UTF8.self))
    case .array(let values):
      let lines = values.map { inner + $0.rendered(inner) }
      return values.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
    case .object(let members):
      let lines = members.flatMap(Self.complete).map {
        "\(inner)\(Self.quoted($0.name)): \($0.value.rendered(inner))"
      }
      return members.isEmpty ? "{}" : "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    }
  }

  /// The member, and its bytes if they would be lost.
  private static func complete(_ name: String, _ value: JSON) -> [(name: String, value: JSON)] {
    value.isUnicode ? [(name, value)] : [(name, value), (name + "_hex", value.hexadecimal)]
  }

  private var isUnicode: Bool {
    switch self {
    case .string(let bytes): bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    case .array(let values): values.allSatisfy(\.isUnicode)
    case .null, .bool, .number, .object: true
    }
  }

  /// Every string in it as hexadecimal digits.
  private var hexadecimal: JSON {
    switch self {
    case .string(let bytes): .string(bytes.hexadecimal)
    case .array(let values): .array(values.map(\.hexadecimal))
    case .null, .bool, .number, .object: self
    }
  }

  /// All but printable ASCII is escaped where a terminal could act on it.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for unit in text.unicodeScalars {
      switch unit {
      case "\"", "\\": result += "\\\(unit)"
      case "\n": result += "\\n"
      case _ where unit.value < 0x20 || 0x7F..<0xA0 ~= unit.value || 0x2000..<0x2070 ~= unit.value:
        result += "\\u" + String(repeating: "0", count: 4 - String(unit.value, radix: 16).count)
        result += String(unit.value, radix: 16)
      default: result.unicodeScalars.append(unit)
      }
    }
    return result + "\""
  }
}
