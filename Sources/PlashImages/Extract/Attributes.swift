internal import PlashRuntime

/// All that a file is besides its name and content.
struct Attributes: Sendable {
  var mode: UInt32
  var user: UInt32 = 0
  var group: UInt32 = 0
  var time = TarTime(seconds: 0, nanoseconds: 0)
  /// Sorted by name; only those that an image may have.
  var extended: [ExtendedAttribute] = []

  /// A directory that no entry describes.
  static let impliedDirectory = Attributes(mode: 0o755)

  /// About how many bytes of memory the extended ones take.
  var extendedSize: Int { extended.reduce(0) { $0 + 128 + $1.name.count + $1.value.count } }

  func describe(in hash: inout SHA256) {
    for number in [mode, user, group] { hash.update(UInt64(number)) }
    hash.update(UInt64(bitPattern: Int64(time.seconds)))
    hash.update(UInt64(time.nanoseconds))
    hash.update(UInt64(extended.count))
    for attribute in extended {
      hash.update(field: attribute.name)
      hash.update(field: attribute.value)
    }
  }
}
