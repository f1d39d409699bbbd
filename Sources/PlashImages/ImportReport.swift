internal import PlashRuntime

/// The words for what went wrong: one line, the cause and, where there is one, the remedy. Safe for a terminal.
extension ImportError {
  /// For a person to read.
  public var message: String {
    switch self {
    case .system(let error):
      error.path.isEmpty
        ? "\(error.call): \(error.reason)" : "\(error.path.printable): \(error.call): \(error.reason)"
    case .archive(let path, let error): "\(path.printable): \(error.message)"
    case .notAnArchive(.nothing): "not a tar archive"
    case .notAnArchive(.empty): "not a tar archive: it is empty"
    case .notAnArchive(let lookalike): "not a tar archive (looks like \(lookalike.name))"
    case .noFiles: "there is no file in the archive"
    case .truncated: "the archive is cut off: its end is missing"
    case .damaged(let offset, let damage): "the archive is damaged: \(damage.words) at byte \(offset)"
    case .undecodable(let compression, let words): "cannot unpack \(compression.rawValue): \(words.printable)"
    case .tooMuch(let limit, let value): limit.words(value)
    case .download(let address, let fault): "\(address.shown): \(fault.words)"
    case .noSuchImage(let name, nearest: []):
      "there is no image `\(name.shown)`: the server has none for this machine"
    case .noSuchImage(let name, let nearest):
      "there is no image `\(name.shown)`; nearest: \(nearest.map(\.printable).joined(separator: ", "))"
    case .staleIndex(let day): "the server's index is out of date: its newest image is of \(day.printable)"
    case .olderImage(let name, let serial, let newest, let server, let memory):
      "\(server.shown): its image \(name.printable) is of \(serial.printable), older than the one of \(newest.printable) that it "
        + "had before; try again later, or remove \(memory.printable) to take it"
    case .invalidLimit(let name, let text): "\(name) is `\(text.shown)`; a number of bytes is needed, as `64G`"
    case .invalidDigest(let text): "`\(text.shown)` is not a SHA-256: 64 hexadecimal digits"
    case .noDigest(let file): "the server's list of digests lacks \(file.printable); try again later"
    case .signature(let fault, of: []): fault.words
    case .signature(let fault, let name): "\(name.shown): \(fault.words)"
    case .changed(let path): "`\(path.shown)` changed while it was read"
    case .store(.system(let error)): ImportError.system(error).message
    case .store(.full(let path, let shortage)): shortage.words(path)
    case .store(.unknownImage): "somebody deleted the image before it was there as a whole; run this again"
    case .store(.damaged(let id)): "image \(id.number) is damaged, see: plash fsck"
    case .store(let error): "the store: \(error)"
    case .programMissing(let name, let package): "\(name) is not installed; install the package \(package)"
    case .programFailed(let name, let status):
      "\(name.printable) failed with exit status \(status.shellStatus); what it said is above"
    case .configuration(let path, let line, let fault): "\(path.printable):\(line): \(fault.words)"
    case .invalidName(let name): "`\(name.printable)` is not a name that an image can have there"
    case .unknownSource(let source): "images do not come from `\(source.printable)`"
    case .entry(let name, let fault): "refused: entry `\(name.shown)` \(fault.words)"
    }
  }
}

extension Lookalike {
  fileprivate var name: String {
    switch self {
    case .nothing: "nothing known"
    case .empty: "an empty file"
    case .html: "HTML"
    case .json: "JSON"
    case .zip: "a zip archive"
    case .cpio: "a cpio archive"
    case .squashFS: "a squashfs image"
    case .debianPackage: "a Debian package"
    case .rpm: "an RPM package"
    case .sevenZip: "a 7z archive"
    case .packed: "something packed more than once"
    }
  }
}

extension ConfigurationFault {
  fileprivate var words: String {
    switch self {
    case .noValue: "expected NAME=VALUE"
    case .unknownName(let name): "there is no setting `\(name.shown)`"
    case .openQuote: "the quote at the beginning of the value is not closed"
    }
  }
}

extension Damage {
  fileprivate var words: String {
    switch self {
    case .checksum: "wrong checksum of a header"
    case .number: "senseless number in a header"
    case .extendedHeader: "senseless extended header"
    case .sparseMap: "senseless map of a sparse file"
    }
  }
}

extension Limit {
  fileprivate func words(_ value: Int) -> String {
    switch self {
    case .bytes:
      "the archive has more than \(value) bytes when unpacked, the limit of an import; PLASH_IMPORT_LIMIT sets another"
    case .entries: "the archive has more than \(value) entries and directories, the limit of an import"
    case .header: "a header of the archive has more than \(value) bytes, the limit of an import"
    case .memory: "unpacking takes more than \(value) bytes of memory, the limit of an import"
    case .freeSpace: "less than \(value) bytes would be left free on the disk; PLASH_IMPORT_RESERVE sets another number"
    }
  }
}

extension EntryFault {
  fileprivate var words: String {
    switch self {
    case .leavesRoot: "leaves the root directory"
    case .noName: "has no name"
    case .nulInName: "has a NUL byte in its name"
    case .targetTooLong(let limit): "is a link to more than \(limit) bytes"
    case .partTooLong: "has a part longer than 255 bytes in its name"
    case .tooDeep(let limit): "lies deeper than \(limit) directories"
    case .parentIsNoDirectory(let part): "lies in `\(part.shown)`, which is not a directory"
    case .rootIsNoDirectory: "makes the root something else than a directory"
    case .linkLeavesRoot(let target): "is a hard link to `\(target.shown)`, outside the root directory"
    case .linkTargetMissing(let target): "is a link to `\(target.shown)`, which is not there"
    case .linkToDirectory(let target): "is a hard link to `\(target.shown)`, a directory"
    case .foreignUser(let id, let ranges):
      "belongs to uid \(id), outside your ids (\(EntryFault.words(ranges)))"
    case .foreignGroup(let id, let ranges):
      "belongs to gid \(id), outside your ids (\(EntryFault.words(ranges)))"
    case .unknownType(let type): "is of unknown type `\([type].printable)`"
    }
  }

  private static func words(_ ranges: [ClosedRange<Int>]) -> String {
    ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
  }
}

extension [UInt8] {
  /// For the middle of a sentence: what is very long is cut.
  fileprivate var shown: String { count <= 100 ? printable : Bytes(prefix(100)).printable + "…" }
}

extension SignatureFault {
  fileprivate var words: String {
    switch self {
    case .tooLarge: "the signature is too large to be one"
    case .unreadable: "this is not a detached signature; perhaps the server has a problem: try again later"
    case .engine(let words): "cannot verify signatures: gpg does not work (\(words.printable)); install the package gpg"
    case .wrongKeyFile: "the file of the trusted key does not hold exactly that key"
    case .bad: "the signature is WRONG: the data were changed after they were signed, or are still being updated"
    case .unknownKey(let key): "not signed by the trusted key, but by \(key.printable)"
    case .revokedKey: "the key that signed was revoked"
    case .expiredKey(let time): "the key that signed has expired on \(Day(of: time).words)"
    case .expired(let time): "the signature has expired on \(Day(of: time).words)"
    case .future: "the signature is dated in the future; is the clock of this machine right?"
    case .weakDigest: "the signature uses a digest that can be forged"
    case .weakKey: "the key that signed is too short to be safe"
    case .unusableKey: "the key that signed may not do so"
    }
  }
}

extension DownloadFault {
  fileprivate var words: String {
    switch self {
    case .unsupportedAddress: "not an address of http, https or file"
    case .status(404): "the server does not have it (404)"
    case .status(let status): "the server answered \(status)"
    case .transfer(let words): words.printable
    case .certificate(let words): words.printable
    case .redirection: "redirected too often, or away from https"
    case .tooLarge(let limit): "more than \(limit) bytes, the limit of a download"
    case .senselessAnswer: "the answer of the server makes no sense"
    case .noRoom(let folder, let length, let reserve):
      (length.map { "its \($0) bytes" } ?? "it") + " would leave less than \(reserve) bytes free on "
        + "\(folder.printable); `plash prune` and `plash rm` delete images, PLASH_IMPORT_RESERVE sets another number"
    case .nothing: "nothing is in it: an empty file, or a directory"
    case .otherDigest(let expected, let actual):
      "its SHA-256 is \(actual.hexadecimal.printable), not \(expected.hexadecimal.printable)"
    }
  }
}
