/// The line of a source text around an origin, as a terminal shows it, and where the carets go.
struct SourceExcerpt {
  private static let widest = 120

  private(set) var text: [UInt8] = []
  /// Columns before the first caret.
  private(set) var caretStart = 0
  /// At least 1.
  private(set) var caretWidth = 0

  init(of origin: Origin) {
    let line = origin.file.line(around: origin.span.lowerBound)
    let cells = UnicodeScalars(of: Credentials.masked(origin.file.text[line])).map { character in
      (start: character.bytes.startIndex, shown: PrintableText.cell(of: character, tab: "    "))
    }
    let firstMarked = cells.firstIndex { $0.start >= origin.span.lowerBound } ?? cells.count
    let isCut = cells.reduce(0) { $0 + $1.shown.width } > SourceExcerpt.widest
    let firstShown = isCut ? max(0, firstMarked - SourceExcerpt.widest / 2) : 0
    if firstShown > 0 {
      text += "...".utf8
      caretStart = 3
    }
    var width = 0
    for cell in cells[firstShown...] {
      width += cell.shown.width
      if isCut, width > SourceExcerpt.widest {
        text += "...".utf8
        break
      }
      text += cell.shown.text
      if cell.start < origin.span.lowerBound { caretStart += cell.shown.width }
      if origin.span.contains(cell.start) { caretWidth += cell.shown.width }
    }
    caretWidth = max(1, caretWidth)
  }
}
