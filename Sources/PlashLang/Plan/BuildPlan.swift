/// What a Plashfile asks for: an image to start from, the layers to put on it, and what the result is for.
public struct BuildPlan: Sendable {
  /// All there is to say, in order.
  let instructions: [Instruction]
  /// The id of the image to start from (the last `image` hint, as written), nil if none is named.
  public let base: [UInt8]?
  /// Where `base` was named.
  public let baseOrigin: Origin?
  /// The layers to build, first to last; those without any text are left out.
  public let layers: [Layer]
  /// The program of the image (the last `exec` hint).
  public let entrypoint: [UInt8]?
  /// The names of host variables that runs pass on (`use-env` hints), in order.
  public let passedVariables: [[UInt8]]

  /// The whole as shell text with hint lines: what `plash eval` prints.
  public var script: [UInt8] { joinScript(instructions.lazy.map(\.text)) }

  /// The same with the place before each line: `Plashfile:3<TAB>TEXT`. The place is what the user wrote, not the macro.
  public var annotatedScript: [UInt8] {
    var text: [UInt8] = []
    var lines = LineCounter()
    for instruction in instructions {
      let place = instruction.origin.root
      text += PrintableText.escape(place.file.name[...])
      text += ":\(lines.line(of: place))\t".utf8
      text += instruction.text
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  init(instructions: [Instruction]) {
    var base: (id: [UInt8], origin: Origin)?
    var entrypoint: [UInt8]?
    var passed: [[UInt8]] = []
    var layers: [Layer] = []
    var lines: [ScriptLine] = []
    for instruction in instructions {
      switch instruction.content {
      case .shell(let text): lines.append(ScriptLine(text: text, origin: instruction.origin))
      case .hint(.layer): BuildPlan.close(&lines, into: &layers)
      case .hint(.image(let id)): base = (id, instruction.origin)
      case .hint(.exec(let path)): entrypoint = path
      case .hint(.passVariable(let name)): passed.append(name)
      case .hint(.other): break
      }
    }
    BuildPlan.close(&lines, into: &layers)
    self.instructions = instructions
    self.base = base?.id
    self.baseOrigin = base?.origin
    self.layers = layers
    self.entrypoint = entrypoint
    self.passedVariables = passed
  }

  /// A layer of blank lines alone would change nothing: it is none. Empty lines at its end are no part of it, since a
  /// printed script that is read again has another number of them.
  private static func close(_ lines: inout [ScriptLine], into layers: inout [Layer]) {
    defer { lines.removeAll() }
    let isBlank = { (line: ScriptLine) in line.text.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
    guard !lines.allSatisfy(isBlank) else { return }
    while lines.last?.text.isEmpty == true { lines.removeLast() }
    layers.append(Layer(lines: lines))
  }
}
