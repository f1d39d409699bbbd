import PlashDriver
import PlashRuntime

extension Command {
  static let importURL = Command(
    name: "import-url", arguments: "URL [SIGNATURE-URL] [--sha256 DIGEST]",
    description: """
      Import a root file system from an address and print its id.
      http, https and file; proxies by the usual variables, PLASH_CA_BUNDLE names a file of certificates. The signature is
      one by the key in the file that PLASH_URL_KEY names.
      """,
    counts: 1...4
  ) { arguments, session throws(DriverError) in
    let image = try Importer(session).currentImage([Bytes("url")] + arguments)
    try Process.print(image.id.digits + [0x0A])
  }
}
