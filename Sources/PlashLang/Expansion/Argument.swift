/// A value that a macro is called with, and where it came from.
struct Argument: Sendable {
  let text: ArraySlice<UInt8>
  let origin: Origin
}
