/// What can be wrong with a macro of a library.
enum LibraryErrorKind: Sendable {
  case badMacroName([UInt8])
  case badParameter([UInt8])
  case duplicateParameter([UInt8])
  case parameterOrder
  case noBody
  case twoBodies
  case incompleteExample
  case hintInShellText
  case unknownParameter([UInt8], known: [[UInt8]])
  case unknownFilter([UInt8])
  case holeInQuotes
  case restWithinText([UInt8])
}
