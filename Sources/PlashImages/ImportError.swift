public import PlashRuntime

/// Why an image could not be brought in or taken out.
public enum ImportError: Error, Equatable, Sendable {
  /// A system call failed.
  case system(SystemError)
  /// The archive in this file could not be brought in.
  indirect case archive(Bytes, ImportError)
  /// The input is no tar archive; what it seems to be instead.
  case notAnArchive(Lookalike)
  /// The archive has no file in it.
  case noFiles
  /// The archive ends too early: in the middle of an entry, or without the mark that ends it.
  case truncated
  /// A header makes no sense; the offset in the unpacked archive, in bytes.
  case damaged(offset: Int, Damage)
  /// The decompressor's words.
  case undecodable(Compression, Bytes)
  /// A limit of this import was reached; its value.
  case tooMuch(Limit, Int)
  /// A file could not be fetched from this address, which is without credentials.
  case download(Bytes, DownloadFault)
  /// The server has no image of this name; those whose names are nearest.
  case noSuchImage(Bytes, nearest: [Bytes])
  /// Nothing in the server's index is newer than this day, `YYYYMMDD`.
  case staleIndex(newest: Bytes)
  /// The server has a build of this image that is older than one that was seen before, as the file `memory` tells; the
  /// serials of both.
  case olderImage(Bytes, Bytes, newest: Bytes, server: Bytes, memory: Bytes)
  /// Not a number of bytes, as a limit.
  case invalidLimit(String, Bytes)
  /// Not 64 hexadecimal digits.
  case invalidDigest(Bytes)
  /// The server's list of digests lacks this file.
  case noDigest(Bytes)
  /// A signature does not count; of what it is: an address, or the file of a key.
  case signature(SignatureFault, of: Bytes = [])
  /// A file became shorter while it was read.
  case changed(Bytes)
  /// The store could not be read or written.
  case store(StoreError)
  /// A program of the host that is needed is not there, and the Debian package that has it.
  case programMissing(String, package: String)
  /// A program of the host failed; it has said why itself.
  case programFailed(Bytes, ExitStatus)
  /// A configuration file cannot be understood: its path, the number of the line and what is wrong there.
  case configuration(Bytes, line: Int, ConfigurationFault)
  /// Not a name that could be asked for.
  case invalidName(Bytes)
  /// Images do not come from there.
  case unknownSource(Bytes)
  /// An entry of the archive cannot be.
  case entry(Bytes, EntryFault)
}
