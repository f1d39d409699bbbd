import PlashDriver
import PlashRuntime

extension Command {
  static let addLayer = Command(
    name: "add-layer", arguments: "PARENT|MACROS... [--] DIR",
    description: """
      Move a directory in as a layer on an image, and print the id of the new image.
      PARENT may be 0: then the directory is a whole root file system. Its files are not copied where that is possible: other
      hard links to them, and whoever has them open, change the image. What cannot be deleted of DIR stays.
      """,
    buildsInline: true, counts: 2...2
  ) { arguments, session throws(DriverError) in
    let parent = try session.image(arguments[0], allowingEmpty: true)
    let image = try session.addLayer(on: parent, from: arguments[1])
    try Process.print(image.id.digits + [0x0A])
  }
}
