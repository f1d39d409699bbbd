import PlashDriver
import PlashRuntime

extension Command {
  static let version = Command(
    name: "version", arguments: "",
    description: """
      Print the version.
      """,
    counts: 0...0
  ) { _, _ throws(DriverError) in
    try Process.print(Bytes("plash \(number)\n".utf8))
  }

  private static let number = "1.0.0"
}
