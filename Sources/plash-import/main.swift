internal import Glibc
internal import PlashImages
internal import PlashRuntime

do {
  let archive = try Descriptor.open(Bytes(Array(CommandLine.arguments[1].utf8)))
  let root = try Descriptor.open(Bytes(Array(CommandLine.arguments[2].utf8)), O_RDONLY | O_DIRECTORY)
  let summary = try Extractor(owners: OwnerIDs.mapped()).extract(archive, into: root)
  print(summary, String(decoding: summary.digest.hexadecimal, as: UTF8.self))
} catch {
  print(error)
  exit(1)
}
