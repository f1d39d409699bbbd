import PlashDriver
import PlashRuntime

extension Command {
  static let importLXC = Command(
    name: "import-lxc", arguments: "NAME",
    description: """
      Import an image of linuxcontainers.org, as `alpine` or `debian:13`, and print its id.
      Index and archive are verified. PLASH_LXC_MIRROR names a mirror, PLASH_LXC_KEY a file with its key.
      """,
    counts: 1...1
  ) { arguments, session throws(DriverError) in
    if arguments[0].isEmpty { throw .usage("plash import-lxc NAME") }
    let image = try Importer(session).currentImage([Bytes("lxc"), arguments[0]])
    try Process.print(image.id.digits + [0x0A])
  }
}
