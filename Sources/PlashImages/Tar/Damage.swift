/// What is wrong with a header.
public enum Damage: Sendable {
  case checksum, number, extendedHeader, sparseMap
}
