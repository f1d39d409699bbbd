/// Something a script says to plash and not to the shell: `### plash hint: NAME` or `### plash hint: NAME=VALUE`.
enum Hint: Sendable, Equatable {
  /// The base image: the last one counts.
  case image([UInt8])
  /// The program of the image: the last one counts.
  case exec([UInt8])
  /// A host variable that runs pass on.
  case passVariable([UInt8])
  /// The border between two layers.
  case layer
  /// One that plash has no use for: it is printed, and that is all.
  case other([UInt8])

  /// What every hint line begins with.
  static let prefix = Array("### plash hint: ".utf8)

  /// `content`: what follows the prefix.
  init(content: ArraySlice<UInt8>) {
    guard let equals = content.firstIndex(of: UInt8(ascii: "=")), equals + 1 < content.endIndex else {
      self = content.elementsEqual("layer".utf8) ? .layer : .other(Array(content))
      return
    }
    let name = content[..<equals]
    let value = Array(content[(equals + 1)...])
    if name.elementsEqual("image".utf8) {
      self = .image(value)
    } else if name.elementsEqual("exec".utf8) {
      self = .exec(value)
    } else if name.elementsEqual("use-env".utf8) {
      self = .passVariable(value)
    } else {
      self = .other(Array(content))
    }
  }

  /// Reads a line of a script: nil if it is no hint.
  init?(line: ArraySlice<UInt8>) {
    guard line.starts(with: Hint.prefix) else { return nil }
    self.init(content: line.dropFirst(Hint.prefix.count))
  }

  /// The line of the script.
  var text: [UInt8] {
    switch self {
    case .image(let id): Hint.prefix + Array("image=".utf8) + id
    case .exec(let path): Hint.prefix + Array("exec=".utf8) + path
    case .passVariable(let name): Hint.prefix + Array("use-env=".utf8) + name
    case .layer: Hint.prefix + Array("layer".utf8)
    case .other(let content): Hint.prefix + content
    }
  }
}
