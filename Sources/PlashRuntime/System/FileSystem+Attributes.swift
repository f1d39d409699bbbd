internal import CPlashShims
internal import Glibc

/// Extended attributes of open files, xattr(7).
extension FileSystem {
  /// flistxattr(2): the names, in no order; none where the file system has no attributes.
  public static func attributeNames(of file: Int32) throws(SystemError) -> [Bytes] {
    let size = plash_list_attributes(file, nil, 0)
    if size <= 0 { return [] }
    var names = [CChar](repeating: 0, count: size)
    let length = try check("flistxattr") { plash_list_attributes(file, &names, size) }
    return names[..<length].map { UInt8(bitPattern: $0) }.split(separator: 0).map { Bytes($0) }
  }

  /// fgetxattr(2). Nil: the file has none of this name, or the file system has none at all.
  public static func attribute(_ name: Bytes, of file: Int32) throws(SystemError) -> Bytes? {
    // The longest that the kernel allows.
    var value = Bytes(repeating: 0, count: 64 << 10)
    let length = name.withCString { plash_get_attribute(file, $0, &value, value.count) }
    if length >= 0 { return Bytes(value.prefix(length)) }
    if errno == ENODATA || errno == ENOTSUP { return nil }
    throw .current("fgetxattr", name)
  }

  /// fsetxattr(2).
  public static func setAttribute(_ name: Bytes, of file: Int32, to value: Bytes) throws(SystemError) {
    try check("fsetxattr", name) { name.withCString { plash_set_attribute(file, $0, value, value.count) } }
  }

  /// fremovexattr(2).
  static func removeAttribute(_ name: Bytes, of file: Int32) throws(SystemError) {
    try check("fremovexattr", name) { name.withCString { plash_remove_attribute(file, $0) } }
  }
}
