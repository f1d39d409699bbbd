internal import PlashLang
internal import PlashRuntime

extension BaseReference {
  /// The name as others may see it: without passwords. An address with another query is another name, as a query may say
  /// which file is meant; not where a digest says that: then the query is a token, which may change.
  var listedName: Bytes {
    let isPinned = source == .url && options.contains { $0.starts(with: Bytes("sha256=")) }
    return isPinned ? name.withoutCredentials : name.nameWithoutCredentials
  }
}
