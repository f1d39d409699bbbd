// Extracts every archive of a directory and tells what came of it: extract-archives ARCHIVES ROOTS
// The tests run it as root, as an ordinary user in a user namespace, and with a single id.

internal import Glibc
internal import PlashImages
internal import PlashRuntime

func extract(_ archive: Bytes, from archives: borrowing Descriptor, into roots: borrowing Descriptor) throws
  -> String
{
  try FileSystem.makeDirectory(archive, at: roots.number, mode: 0o755)
  let root = try Descriptor.open(archive, at: roots.number, O_RDONLY | O_DIRECTORY)
  var extractor = Extractor(owners: try OwnerIDs.mapped())
  extractor.limits.bytes = 256 << 20
  let opened = try Descriptor.open(archive, at: archives.number)
  do throws(ImportError) {
    let summary = try extractor.extract(opened, into: root)
    let counts = [
      summary.skippedDevices, summary.droppedAttributes, summary.strippedNames, summary.squashedOwners,
    ]
    return "ok \(counts) \(String(decoding: summary.digest.hexadecimal, as: UTF8.self))"
  } catch {
    return "error \(error.message)"
  }
}

let directories = CommandLine.arguments.dropFirst().map { Bytes($0.utf8) }
let archives = try Descriptor.open(directories[0], O_RDONLY | O_DIRECTORY)
let roots = try Descriptor.open(directories[1], O_RDONLY | O_DIRECTORY)
for archive in try archives.entries().sorted(by: { $0.lexicographicallyPrecedes($1) }) {
  let result = try extract(archive, from: archives, into: roots)
  print(String(decoding: archive, as: UTF8.self), result)
}
