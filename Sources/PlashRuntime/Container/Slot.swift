/// A place for a descriptor that a step of the set-up opens and a later one uses.
struct Slot: Hashable, Sendable {
  /// The index into the array of descriptors.
  let index: Int32
}
