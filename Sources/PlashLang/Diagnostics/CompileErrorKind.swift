/// Everything that can be wrong with a Plashfile or a macro library. Data; the words are in `Wording`.
enum CompileErrorKind: Sendable {
  // The text
  case nulByte
  case byteOrderMark
  case valueBeforeMacro
  case emptyMacroName
  case blockWithoutWord
  case textAfterBlockWord(word: [UInt8])
  case unterminatedBlock(word: [UInt8])

  // Expansion
  /// - `previous`: the macro before, if this one may have been meant as a line of its text.
  case unknownMacro([UInt8], known: [[UInt8]], previous: [UInt8]?)
  case tooFewValues(macro: [UInt8], signature: Signature)
  case tooManyValues(macro: [UInt8], signature: Signature)
  case recursion(macro: [UInt8])
  case tooDeep
  case hintInValue
  case newlineInHint
  case badImageID([UInt8])
  case badVariableName([UInt8])
  case unknownSource([UInt8])
  case unterminatedQuote
  case forbiddenInRemote(macro: [UInt8])
  case host(HostError)

  // Libraries
  case yamlSyntax([UInt8])
  case yamlAnchor
  case yamlTag
  case yamlKeyIsNoText
  case yamlDuplicateKey([UInt8])
  case yamlSecondDocument
  case yamlTooDeep
  case yamlTooLarge
  case expectedText
  case expectedList
  case expectedMapping
  case unknownKey([UInt8], known: [String])
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
