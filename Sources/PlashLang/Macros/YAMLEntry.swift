/// A key and its value.
struct YAMLEntry: Sendable {
  let key: YAMLScalar
  let value: YAMLNode
}
