/// The statements of a macro's body as one text for the parser, and the way back to where they stand in the library.
struct StatementText {
  /// Every line of the body is a word of it.
  let lines: SourceFile
  private let parts: [(scalar: YAMLScalar, line: Range<Int>)]

  init(_ scalars: [YAMLScalar], in library: SourceFile) {
    parts = scalars.flatMap { scalar in scalar.lines.map { (scalar, $0) } }
    lines = SourceFile(name: library.name, words: parts.map { Array($0.scalar.text[$0.line]) })
  }

  /// Where a piece of `lines` stands in the library.
  func sourceSpan(of span: SourceSpan) -> SourceSpan {
    guard let words = lines.words, let index = words.lastIndex(startingBefore: span.lowerBound) else { return 0..<0 }
    let (scalar, line) = parts[index]
    let shift = line.lowerBound - words[index].lowerBound
    let end = max(span.lowerBound, min(span.upperBound, words[index].upperBound))
    return scalar.sourceSpan(of: span.lowerBound + shift..<end + shift)
  }
}
