/// Everything that can be wrong with a Plashfile or a macro library. Data; the words are in `Diagnostic`.
enum CompileErrorKind: Sendable {
  case nulByte
}
