internal import PlashRuntime

/// What came before an entry's own header.
struct ExtendedHeaders {
  var records: PaxRecords
  var longName: Bytes?
  var longLink: Bytes?

  init(records: PaxRecords) { self.records = records }

  func name(_ header: TarHeader) -> Bytes { records.sparse.name ?? records.path ?? longName ?? header.name }
  func linkName(_ header: TarHeader) -> Bytes { records.linkPath ?? longLink ?? header.linkName }
}
