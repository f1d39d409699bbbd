/// A value of a YAML file. Everything that is no list and no mapping is text: `no` and `1.0` too.
struct YAMLNode: Sendable {
  indirect enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  let content: Content
  let span: SourceSpan
}
