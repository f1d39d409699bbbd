internal import PlashRuntime

/// A value to be written as JSON (RFC 8259).
enum JSON {
  case null
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
    case .number(let number): return "\(number)"
    case .string(let bytes): return Self.quoted(String(decoding: bytes, as: UTF8.self))
    case .array(let values):
      let lines = values.map { inner + $0.rendered(inner) }
      return values.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
    case .object(let members):
      let lines = members.map { "\(inner)\(Self.quoted($0.name)): \($0.value.rendered(inner))" }
      return members.isEmpty ? "{}" : "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
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
