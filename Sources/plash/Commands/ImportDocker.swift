import PlashDriver
import PlashRuntime

extension Command {
  static let importDocker = Command(
    name: "import-docker", arguments: "IMAGE",
    description: """
      Import an image of docker, or of podman where docker is not installed, and print its id.
      """,
    counts: 1...1
  ) { arguments, session throws(DriverError) in
    let image = try Importer(session).dockerImage(arguments[0])
    try Process.print(image.id.digits + [0x0A])
  }
}
