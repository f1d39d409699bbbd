/// A macro of a library.
final class MacroDefinition: Sendable {
  let name: [UInt8]
  /// Its first sentence is shown in lists. Empty: not documented.
  let documentation: [UInt8]
  let signature: Signature
  let body: MacroBlock
  let examples: [MacroExample]
  let file: SourceFile
  /// Where its name stands.
  let span: SourceSpan

  init(
    name: [UInt8], documentation: [UInt8], signature: Signature, body: MacroBlock, examples: [MacroExample],
    file: SourceFile, span: SourceSpan
  ) {
    self.name = name
    self.documentation = documentation
    self.signature = signature
    self.body = body
    self.examples = examples
    self.file = file
    self.span = span
  }
}
