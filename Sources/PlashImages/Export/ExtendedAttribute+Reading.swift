internal import CPlashShims
internal import Glibc
internal import PlashRuntime

extension ExtendedAttribute {
  /// Those of an open file that belong to an image, sorted by name.
  static func all(of file: Int32) throws(ImportError) -> [ExtendedAttribute] {
    let size = plash_list_attributes(file, nil, 0)
    if size <= 0 { return [] }
    var names = [CChar](repeating: 0, count: size)
    let length = try call("flistxattr") { plash_list_attributes(file, &names, size) }
    var attributes: [ExtendedAttribute] = []
    for name in names[..<length].map({ UInt8(bitPattern: $0) }).split(separator: 0) {
      let attribute = ExtendedAttribute(name: Bytes(name), value: [])
      guard attribute.isKept, let value = try value(of: attribute.name, on: file) else { continue }
      attributes.append(ExtendedAttribute(name: attribute.name, value: value))
    }
    return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// Nil: the file has none of this name, or the file system has none at all.
  static func value(of name: Bytes, on file: Int32) throws(ImportError) -> Bytes? {
    // The longest that the kernel allows.
    var value = Bytes(repeating: 0, count: 64 << 10)
    let length = name.withCString { plash_get_attribute(file, $0, &value, value.count) }
    if length >= 0 { return Bytes(value.prefix(length)) }
    if errno == ENODATA || errno == ENOTSUP { return nil }
    throw .system(.current("fgetxattr", name))
  }
}
