/// A text with a name: a Plashfile, the command line, standard input, or a macro library.
///
/// It is a class so that every origin can point at its text for the price of a pointer.
public final class SourceFile: Sendable {
  /// As errors show it: a path, `command line`, `standard input`, an address.
  public let name: [UInt8]
  /// Where the text lies, if it is a file of this host: relative paths are looked up beside it.
  public let path: [UInt8]?
  /// The whole text.
  public let text: [UInt8]
  /// Fetched from elsewhere: what it says may not read this host.
  public let isRemote: Bool
  /// A macro library that is part of the program.
  let isEmbedded: Bool
  /// The words of a command line, as ranges of `text`: each is what a line is in a file.
  let words: [Range<Int>]?

  private init(
    name: [UInt8], path: [UInt8]? = nil, text: [UInt8], isRemote: Bool = false, isEmbedded: Bool = false,
    words: [Range<Int>]? = nil
  ) {
    self.name = name
    self.path = path
    self.text = text
    self.isRemote = isRemote
    self.isEmbedded = isEmbedded
    self.words = words
  }

  /// A Plashfile or a macro library of this host. CR and CRLF become newlines.
  public convenience init(path: [UInt8], text: [UInt8]) {
    self.init(name: path, path: path, text: normalizingNewlines(text))
  }

  /// A Plashfile that was fetched: a reduced set of macros is open to it. CR and CRLF become newlines.
  /// - Parameters:
  ///   - address: what errors show as its name.
  ///   - text: as it came.
  public convenience init(remote address: [UInt8], text: [UInt8]) {
    self.init(name: address, text: normalizingNewlines(text), isRemote: true)
  }

  /// A macro library that is part of the program.
  public convenience init(embedded name: [UInt8], text: [UInt8]) {
    self.init(name: name, text: text, isEmbedded: true)
  }

  /// A Plashfile or a script from standard input: CR is kept, what is not UTF-8 becomes U+FFFD.
  public convenience init(standardInput bytes: [UInt8]) {
    self.init(name: Array("standard input".utf8), text: repairingUTF8(bytes))
  }

  /// The macros of a command line; each word is what a line is in a file.
  public convenience init(arguments: [[UInt8]]) {
    self.init(name: Array("command line".utf8), words: arguments)
  }

  convenience init(name: [UInt8], path: [UInt8]? = nil, words: [[UInt8]]) {
    var text: [UInt8] = []
    var ranges: [Range<Int>] = []
    for word in words {
      if !ranges.isEmpty { text.append(UInt8(ascii: " ")) }
      ranges.append(text.count..<text.count + word.count)
      text += word
    }
    self.init(name: name, path: path, text: text, words: ranges)
  }

  /// A text that a Plashfile makes up while it is expanded, as `--eval-string` does.
  convenience init(name: [UInt8], text: [UInt8], within parent: SourceFile) {
    self.init(name: name, path: parent.path, text: text, isRemote: parent.isRemote)
  }
}

private func normalizingNewlines(_ text: [UInt8]) -> [UInt8] {
  let carriageReturn = UInt8(ascii: "\r")
  let newline = UInt8(ascii: "\n")
  guard text.contains(carriageReturn) else { return text }
  var result: [UInt8] = []
  result.reserveCapacity(text.count)
  var previous: UInt8 = 0
  for byte in text {
    if byte == carriageReturn {
      result.append(newline)
    } else if byte != newline || previous != carriageReturn {
      result.append(byte)
    }
    previous = byte
  }
  return result
}

private func repairingUTF8(_ bytes: [UInt8]) -> [UInt8] {
  Array(String(decoding: bytes, as: UTF8.self).utf8)
}
