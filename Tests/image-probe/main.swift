// What the tests run as root, as an ordinary user in a user namespace, and with a single id:
// image-probe corpus ARCHIVES ROOTS   extracts every archive of a directory and tells what came of it
// image-probe extract ROOT            extracts standard input and prints the digest
// image-probe export LAYER...         writes the layers, the topmost first, to standard output
// image-probe verify KEY SIGNATURE DATA SCRATCH
//                                     verifies a detached signature with the gpg of this environment

internal import Glibc
internal import PlashImages
internal import PlashRuntime

let owners = try OwnerIDs.mapped()

func extract(_ archive: borrowing Descriptor, into root: borrowing Descriptor) throws(ImportError)
  -> ExtractionSummary
{
  var extractor = Extractor(owners: owners)
  extractor.limits.bytes = 256 << 20
  return try extractor.extract(archive, into: root)
}

func result(of archive: Bytes, from archives: borrowing Descriptor, into roots: borrowing Descriptor) throws
  -> String
{
  try FileSystem.makeDirectory(archive, at: roots.number, mode: 0o755)
  let root = try Descriptor.open(archive, at: roots.number, O_RDONLY | O_DIRECTORY)
  let opened = try Descriptor.open(archive, at: archives.number)
  do throws(ImportError) {
    let summary = try extract(opened, into: root)
    let counts = [
      summary.skippedDevices, summary.droppedAttributes, summary.strippedNames, summary.squashedOwners,
    ]
    return "ok \(counts) \(String(decoding: summary.digest.hexadecimal, as: UTF8.self))"
  } catch {
    return "error \(error.message)"
  }
}

func runCorpus(_ directories: [Bytes]) throws {
  let archives = try Descriptor.open(directories[0], O_RDONLY | O_DIRECTORY)
  let roots = try Descriptor.open(directories[1], O_RDONLY | O_DIRECTORY)
  for archive in try archives.entries().sorted(by: { $0.lexicographicallyPrecedes($1) }) {
    let result = try result(of: archive, from: archives, into: roots)
    print(String(decoding: archive, as: UTF8.self), result)
  }
}

func runExtract(_ root: Bytes) throws {
  let opened = try Descriptor.open(root, O_RDONLY | O_DIRECTORY)
  let summary = try extract(Descriptor(owning: dup(0)), into: opened)
  print(String(decoding: summary.digest.hexadecimal, as: UTF8.self))
}

func runExport(_ layers: [Bytes]) throws {
  let opened = layers.map { $0.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } }
  try Exporter().export(layers: opened, to: Descriptor(owning: dup(1)))
}

func runVerify(_ files: [Bytes], scratch: Bytes) throws {
  let contents = try files.map { try FileSystem.content(of: $0) }
  try SignatureVerifier(key: SigningKey(content: contents[0]), scratch: scratch).verify(contents[1], of: contents[2])
  print("good")
}

let arguments = CommandLine.arguments.dropFirst().map { Bytes($0.utf8) }
do {
  switch CommandLine.arguments[1] {
  case "corpus": try runCorpus(Array(arguments.dropFirst()))
  case "extract": try runExtract(arguments[1])
  case "verify": try runVerify(Array(arguments[1..<4]), scratch: arguments[4])
  default: try runExport(Array(arguments.dropFirst()))
  }
} catch let error as ImportError {
  print(error.message)
  exit(1)
}
