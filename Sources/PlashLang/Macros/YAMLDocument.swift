internal import CYAML

/// Reads the YAML that macro libraries are written in: no anchors, no aliases, no tags, no duplicate keys, one document,
/// at most 16 levels and 1 MiB. The only file that knows libyaml.
final class YAMLDocument {
  static let maximumSize = 1 << 20
  static let maximumDepth = 16

  private let file: SourceFile
  private let region: SourceSpan
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// libyaml counts characters, spans count bytes: the last pair known, to go on from.
  private var position: (character: Int, byte: Int)
  private let isASCII: Bool

  /// `region`: the part of the file to read; it has to be a document by itself.
  /// Gives the value of the document, nil if there is none.
  static func read(_ region: SourceSpan, of file: SourceFile) throws(CompileError) -> YAMLNode? {
    guard region.count <= maximumSize else {
      throw CompileError(.yaml(.tooLarge), Origin(file: file, span: 0..<0, expansion: nil))
    }
    return try file.text.withUnsafeBufferPointer { buffer throws(CompileError) in
      try YAMLDocument(file, region, UnsafeBufferPointer(rebasing: buffer[region])).document()
    }
  }

  /// `bytes`: has to outlive the reader: libyaml keeps the pointer.
  private init(_ file: SourceFile, _ region: SourceSpan, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.file = file
    self.region = region
    position = (0, region.lowerBound)
    isASCII = bytes.allSatisfy { $0 < 0x80 }
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else { preconditionFailure("out of memory in libyaml") }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private func document() throws(CompileError) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.content {
      case .structure: continue
      case .end: return root
      case .scalar, .sequenceStart, .mappingStart:
        if root != nil { throw error(.yaml(.secondDocument), at: event.span) }
        root = try node(event, depth: 1)
      case .sequenceEnd, .mappingEnd: preconditionFailure("libyaml ends what did not begin")
      }
    }
  }

  private func node(_ event: Event, depth: Int) throws(CompileError) -> YAMLNode {
    if depth > YAMLDocument.maximumDepth { throw error(.yaml(.tooDeep), at: event.span) }
    switch event.content {
    case .scalar(let scalar): return YAMLNode(content: .scalar(scalar), span: event.span)
    case .sequenceStart: return try sequence(from: event, depth: depth)
    case .mappingStart: return try mapping(from: event, depth: depth)
    case .sequenceEnd, .mappingEnd, .structure, .end:
      preconditionFailure("libyaml gives no value where one has to be")
    }
  }

  private func sequence(from start: Event, depth: Int) throws(CompileError) -> YAMLNode {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if case .sequenceEnd = event.content { return YAMLNode(content: .sequence(items), span: start.span) }
      items.append(try node(event, depth: depth + 1))
    }
  }

  private func mapping(from start: Event, depth: Int) throws(CompileError) -> YAMLNode {
    var entries: [YAMLEntry] = []
    var keys: Set<[UInt8]> = []
    while true {
      let event = try next()
      if case .mappingEnd = event.content { return YAMLNode(content: .mapping(entries), span: start.span) }
      guard case .scalar(let key) = event.content else { throw error(.yaml(.keyIsNoText), at: event.span) }
      if !keys.insert(key.text).inserted { throw error(.yaml(.duplicateKey(key.text)), at: key.span) }
      entries.append(YAMLEntry(key: key, value: try node(try next(), depth: depth + 1)))
    }
  }

  // MARK: - Events

  private struct Event {
    enum Content {
      case scalar(YAMLScalar)
      case sequenceStart, sequenceEnd, mappingStart, mappingEnd
      /// Begin and end of the document, begin of the stream.
      case structure
      /// The end of the stream.
      case end
    }

    let content: Content
    let span: SourceSpan
  }

  private func next() throws(CompileError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
    defer { yaml_event_delete(&event) }
    let start = byteOffset(of: event.start_mark)
    let span = start..<max(start, byteOffset(of: event.end_mark))
    return Event(content: try content(of: event, span), span: span)
  }

  private func content(of event: yaml_event_t, _ span: SourceSpan) throws(CompileError) -> Event.Content {
    switch event.type {
    case YAML_SCALAR_EVENT: return .scalar(try scalar(event, span))
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, at: span)
      return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, at: span)
      return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_ALIAS_EVENT: throw error(.yaml(.anchor), at: span)
    case YAML_STREAM_END_EVENT: return .end
    default: return .structure
    }
  }

  private func scalar(_ event: yaml_event_t, _ span: SourceSpan) throws(CompileError) -> YAMLScalar {
    let scalar = event.data.scalar
    try refuse(anchor: scalar.anchor, tag: scalar.tag, at: span)
    let text = Array(UnsafeBufferPointer(start: scalar.value, count: scalar.length))
    if text.contains(0) { throw error(.nulByte, at: span) }
    return YAMLScalar(text, isLiteral: scalar.style == YAML_LITERAL_SCALAR_STYLE, at: span, of: file.text)
  }

  private func refuse(
    anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?, at span: SourceSpan
  ) throws(CompileError) {
    if anchor != nil { throw error(.yaml(.anchor), at: span) }
    if tag != nil { throw error(.yaml(.tag), at: span) }
  }

  // MARK: - Places and errors

  private func byteOffset(of mark: yaml_mark_t) -> Int {
    if isASCII { return min(region.lowerBound + mark.index, region.upperBound) }
    if mark.index < position.character { position = (0, region.lowerBound) }
    while position.character < mark.index, position.byte < region.upperBound {
      position.byte += 1
      while position.byte < region.upperBound, file.text[position.byte] & 0xC0 == 0x80 { position.byte += 1 }
      position.character += 1
    }
    return position.byte
  }

  private func error(_ kind: CompileErrorKind, at span: SourceSpan) -> CompileError {
    CompileError(kind, Origin(file: file, span: span, expansion: nil))
  }

  private func syntaxError() -> CompileError {
    let problem = parser.pointee.problem.map { Array(UnsafeBufferPointer(cString: $0)) } ?? []
    let offset =
      parser.pointee.error == YAML_READER_ERROR
      ? min(region.lowerBound + parser.pointee.problem_offset, region.upperBound)
      : byteOffset(of: parser.pointee.problem_mark)
    return error(.yaml(.syntax(problem)), at: offset..<min(offset + 1, region.upperBound))
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The bytes of a C string, without its NUL.
  fileprivate init(cString: UnsafePointer<CChar>) {
    var count = 0
    while cString[count] != 0 { count += 1 }
    let bytes = UnsafeRawPointer(cString).assumingMemoryBound(to: UInt8.self)
    self.init(start: bytes, count: count)
  }
}
