/// What there is to say about a macro.
public struct MacroDocumentation: Sendable {
  /// Without dashes.
  public let name: [UInt8]
  /// As it is called: `--from-github REPOSITORY [FILE=plashfile]`.
  public let usage: [UInt8]
  /// What it does; empty if its library does not say.
  public let text: [UInt8]
  /// The statements and shell lines that it stands for, as its library has them; none for what is written in Swift.
  public let expansion: [[UInt8]]
  /// Where it is defined; nil for what is written in Swift.
  public let origin: Origin?

  /// The macros that are written in Swift, sorted by name.
  public static var primitives: [MacroDocumentation] {
    Primitive.allCases.map(MacroDocumentation.init).sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// - Returns: the macros of a library, in its order.
  /// - Throws: if the library is not well-formed.
  public static func macros(of library: SourceFile) throws(CompileError) -> [MacroDocumentation] {
    try MacroFile.definitions(of: library).map(MacroDocumentation.init)
  }

  private init(_ primitive: Primitive) {
    name = Array(primitive.rawValue.utf8)
    usage = MacroDocumentation.usage(name, primitive.signature)
    text = Array(primitive.documentation.utf8)
    expansion = []
    origin = nil
  }

  private init(_ macro: MacroDefinition) {
    name = macro.name
    usage = MacroDocumentation.usage(name, macro.signature)
    text = macro.documentation
    expansion = MacroDocumentation.lines(of: macro.body, in: macro.file.text)
    origin = Origin(file: macro.file, span: macro.span, expansion: nil)
  }

  private static func usage(_ name: [UInt8], _ signature: Signature) -> [UInt8] {
    let call = Array((name.count == 1 ? "-" : "--").utf8) + name
    return signature.parameters.isEmpty ? call : call + [UInt8(ascii: " ")] + signature.usage
  }

  private static func lines(of block: MacroBlock, in text: [UInt8]) -> [[UInt8]] {
    block.steps.flatMap { step in
      switch step {
      case .call(_, let span, let values):
        [Array(text[span.lowerBound..<max(span.upperBound, values.last?.span.upperBound ?? 0)])]
      case .shell(let template): [Array(text[template.span])]
      case .block(let block): lines(of: block, in: text)
      }
    }
  }
}
