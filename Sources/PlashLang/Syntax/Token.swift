/// A piece of a Plashfile. The pieces of a text, put together, are the text.
struct Token: Sendable, Equatable {
  enum Kind: Sendable {
    /// The first line, if it begins with `#!/`.
    case shebang
    /// A line that begins with `--#`.
    case comment
    /// `--NAME`.
    case longName
    /// `-ABC`: every letter is a macro.
    case shortNames
    /// A word of a macro line, or a whole line.
    case value
    /// `--\` alone or `--\ ` and the rest of its line: a value, whatever it looks like.
    case escapedValue
    /// `--<<WORD`: the lines that follow, up to one that is WORD, are values as they stand.
    case blockStart
    /// A line between `--<<WORD` and WORD.
    case blockLine
    /// The line that ends a block.
    case blockEnd
    /// White space within a macro line.
    case blank
    /// The border between two lines: a newline; between two words of a command line, nothing the user wrote.
    case lineEnd
  }

  let kind: Kind
  let span: SourceSpan
}
