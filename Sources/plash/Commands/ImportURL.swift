import PlashDriver
import PlashRuntime

extension Command {
  static let importURL = Command(
    name: "import-url", arguments: importURLArguments,
    description: """
      Import a root file system from an address and print its id.
      http, https and file; proxies by the usual variables, PLASH_CA_BUNDLE names a file of certificates. The signature is
      one by the key in the file that PLASH_URL_KEY names.
      """,
    counts: 1...4
  ) { arguments, session throws(DriverError) in
    guard let words = importURLWords(arguments) else { throw .usage("plash import-url \(importURLArguments)") }
    let image = try Importer(session).currentImage([Bytes("url")] + words)
    try Process.print(image.id.digits + [0x0A])
  }

  private static let importURLArguments = "URL [SIGNATURE-URL] [--sha256 DIGEST]"

  /// One or two addresses, then `--sha256` and its value, which may stand anywhere and be written as one word; nil: it is
  /// something else.
  private static func importURLWords(_ arguments: [Bytes]) -> [Bytes]? {
    let option = Bytes("--sha256")
    var (addresses, digest) = ([Bytes](), [Bytes]())
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == option {
        guard digest.isEmpty, let value = rest.popFirst() else { return nil }
        digest = [option, value]
      } else if word.starts(with: option + Bytes("=")) {
        guard digest.isEmpty else { return nil }
        digest = [option, Bytes(word.dropFirst(option.count + 1))]
      } else if word.first == 0x2D || word.isEmpty {
        return nil
      } else {
        addresses.append(word)
      }
    }
    return (1...2).contains(addresses.count) ? addresses + digest : nil
  }
}
