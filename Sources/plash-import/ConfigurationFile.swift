import Glibc
import PlashImages
import PlashRuntime

/// Files that say once what would have to be said in each environment: lines `NAME=VALUE`, as in os-release(5). The user's
/// counts before the system's, and the environment before both.
enum ConfigurationFile {
  private static let names = Set(
    [
      "PLASH_DEBIAN_MIRROR", "PLASH_LXC_MIRROR", "PLASH_LXC_KEY", "PLASH_URL_KEY", "PLASH_CA_BUNDLE",
      "PLASH_GITHUB_MIRROR", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    ].map { Bytes($0.utf8) })

  /// Sets the variables that the files name and the environment does not.
  static func apply() throws(ImportError) {
    for path in paths where FileSystem.exists(path) {
      let text: Bytes
      do throws(SystemError) {
        text = try FileSystem.content(of: path)
      } catch {
        throw .system(error)
      }
      for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
        try apply(trimmed(line), path, line: index + 1)
      }
    }
  }

  private static var paths: [Bytes] {
    let own = Environment.value(Bytes("XDG_CONFIG_HOME")).flatMap { $0.first == 0x2F ? $0 : nil }
    let home = Environment.value(Bytes("HOME")).flatMap { $0.isEmpty ? nil : $0 + Bytes("/.config") }
    return [own ?? home].compactMap { $0.map { $0 + Bytes("/plash/config") } } + [Bytes("/etc/plash/config")]
  }

  private static func apply(_ line: Bytes, _ path: Bytes, line number: Int) throws(ImportError) {
    if line.isEmpty || line.first == 0x23 { return }
    guard let equals = line.firstIndex(of: 0x3D) else { throw .configuration(path, line: number, .noValue) }
    let name = trimmed(line[..<equals])
    guard names.contains(name) else { throw .configuration(path, line: number, .unknownName(name)) }
    guard let value = unquoted(trimmed(line[(equals + 1)...])) else {
      throw .configuration(path, line: number, .openQuote)
    }
    // libcurl reads proxies in upper case too.
    let upper = name.map { 0x61...0x7A ~= $0 ? $0 & 0xDF : $0 }
    if Environment.value(upper) != nil { return }
    _ = name.withCString { name in value.withCString { setenv(name, $0, 0) } }
  }

  /// Without the quotes around it; nil if only one of them is there.
  private static func unquoted(_ value: Bytes) -> Bytes? {
    guard let quote = value.first, quote == 0x22 || quote == 0x27 else { return value }
    return value.count > 1 && value.last == quote ? Bytes(value.dropFirst().dropLast()) : nil
  }

  private static func trimmed(_ text: some BidirectionalCollection<UInt8>) -> Bytes {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    return Bytes(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
