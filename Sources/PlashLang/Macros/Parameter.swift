/// A named value that a macro takes.
struct Parameter: Sendable, Equatable {
  enum Arity: Sendable, Equatable {
    case required
    /// May be left out; then the default stands for it, or nothing.
    case optional(default: [UInt8]?)
    /// All that is left: none, one or more.
    case rest
  }

  let name: [UInt8]
  let arity: Arity

  init(_ name: [UInt8], _ arity: Arity) {
    self.name = name
    self.arity = arity
  }

  init(_ name: StaticString, _ arity: Arity = .required) {
    self.init(name.withUTF8Buffer { Array($0) }, arity)
  }

  /// Reads `name`, `name?`, `name=default` or `name...`; nil if it is none of them.
  init?(specification: [UInt8]) {
    let name = specification.prefix { Parameter.isNameByte($0) }
    guard let first = name.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return nil }
    let rest = specification[name.endIndex...]
    if rest.isEmpty {
      self.init(Array(name), .required)
    } else if rest.first == UInt8(ascii: "=") {
      self.init(Array(name), .optional(default: Array(rest.dropFirst())))
    } else if rest.elementsEqual("?".utf8) {
      self.init(Array(name), .optional(default: nil))
    } else if rest.elementsEqual("...".utf8) {
      self.init(Array(name), .rest)
    } else {
      return nil
    }
  }

  /// ASCII letters, digits, `-` and `_`.
  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// As a usage line shows it: `NAME`, `[NAME]`, `[NAME...]`.
  var usage: [UInt8] {
    let shown = name.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
    switch arity {
    case .required: return shown
    case .optional(nil): return Array("[".utf8) + shown + Array("]".utf8)
    case .optional(let value?): return Array("[".utf8) + shown + Array("=".utf8) + value + Array("]".utf8)
    case .rest: return Array("[".utf8) + shown + Array("...]".utf8)
    }
  }
}
