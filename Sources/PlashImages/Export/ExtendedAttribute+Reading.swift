internal import PlashRuntime

extension ExtendedAttribute {
  /// Those of an open file that belong to an image, sorted by name.
  static func all(of file: Int32) throws(ImportError) -> [ExtendedAttribute] {
    var attributes: [ExtendedAttribute] = []
    for name in try system({ () throws(SystemError) in try FileSystem.attributeNames(of: file) }) {
      let attribute = ExtendedAttribute(name: name, value: [])
      guard attribute.isKept, let value = try value(of: name, on: file) else { continue }
      attributes.append(ExtendedAttribute(name: name, value: value))
    }
    return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// Nil: the file has none of this name, or the file system has none at all.
  static func value(of name: Bytes, on file: Int32) throws(ImportError) -> Bytes? {
    try system { () throws(SystemError) in try FileSystem.attribute(name, of: file) }
  }
}
