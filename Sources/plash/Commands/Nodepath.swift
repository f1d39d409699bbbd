import PlashDriver
import PlashRuntime

extension Command {
  static let nodepath = Command(
    name: "nodepath", arguments: "ID|MACROS... [--allow-root-container]",
    description: """
      Print the folder of an image's layer.
      `_data/root` in it holds the layer's files. An id that is not known: exit status 3. The empty root image, 0, is
      refused unless it is allowed.
      """,
    buildsInline: true, counts: 1...2
  ) { arguments, session throws(DriverError) in
    let allowsEmpty = arguments.count > 1
    if allowsEmpty, arguments[1] != Bytes("--allow-root-container") {
      throw .usage("plash nodepath ID [--allow-root-container]")
    }
    let image = try session.image(arguments[0], allowingEmpty: allowsEmpty)
    try Process.print(try session.store().absolute(image.path) + [0x0A])
  }
}
