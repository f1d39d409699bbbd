/// What can be wrong with the YAML of a macro library.
enum YAMLErrorKind: Sendable {
  /// In libyaml's words.
  case syntax([UInt8])
  case anchor
  case tag
  case keyIsNoText
  case duplicateKey([UInt8])
  case secondDocument
  case tooDeep
  case tooLarge
  case expectedText
  case expectedList
  case expectedMapping
  case unknownKey([UInt8], known: [String])
}
