/// Everything that can be wrong. Data; the words are in `Wording`.
enum CompileErrorKind: Sendable {
  case nulByte
  case byteOrderMark
  case valueBeforeMacro
  case emptyMacroName
  case blockWithoutWord
  case textAfterBlockWord(word: [UInt8])
  case unterminatedBlock(word: [UInt8])
  /// `previous`: the macro before, if this one may have been meant as one of its values.
  case unknownMacro([UInt8], known: [[UInt8]], previous: [UInt8]?)
  /// An option of this command of plash, where macros are called.
  case misplacedOption([UInt8], of: String)
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
  case yaml(YAMLErrorKind)
  case library(LibraryErrorKind)
}
