@testable import PlashImages
@testable import PlashRuntime

/// The reader of tar headers: no trap; the same twice; names, sizes and holes are what the extractor relies on.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let entries = read(FuzzedArchive(start, count), count)
  precondition(read(FuzzedArchive(start, count), count) == entries, "not the same twice")
  return 0
}

/// The names of the entries up to the first error.
private func read(_ archive: FuzzedArchive, _ count: Int) -> [Bytes] {
  var reader = TarReader(BlockReader(archive, limit: 1 << 20), headerLimit: 1 << 14)
  var names: [Bytes] = []
  do {
    while let entry = try reader.next() {
      names.append(entry.name)
      precondition(entry.mode <= 0o7777, "more than permissions")
      precondition((Int(Int32.min)...Int(UInt32.max)).contains(entry.time.seconds), "a time that no file has")
      precondition((0..<1_000_000_000).contains(entry.time.nanoseconds), "more than a second")
      checkPath(entry.name)
      checkHoles(entry)
      var received = 0
      while let slice = try reader.nextData() { received += slice.count }
      precondition(received == entry.size && received <= count + 1536, "other data than announced")
    }
  } catch {
    precondition(
      !error.message.isEmpty && error.message.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a raw control byte")
  }
  return names
}

private func checkPath(_ name: Bytes) {
  guard let path = try? EntryPath(name) else { return }
  for part in path.parts {
    precondition(
      !part.isEmpty && part != Bytes(".") && part != Bytes("..") && part.count < 256, "a part that leads astray")
    precondition(!part.contains(0x2F) && !part.contains(0), "more than a part")
  }
}

private func checkHoles(_ entry: TarEntry) {
  guard let sparse = entry.sparse else { return }
  var end = 0
  for segment in sparse.segments {
    precondition(segment.offset >= end && segment.length > 0, "segments that overlap")
    end = segment.offset + segment.length
  }
  precondition(end <= sparse.size && sparse.stored == entry.size, "more data than file")
}
