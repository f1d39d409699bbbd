import Foundation

/// Runs scripts in the shells of this machine.
enum Shell {
  static let all: [[String]] = [["/bin/dash"], ["/bin/bash"], ["/bin/busybox", "sh"]]

  /// What the script writes to standard output, and the exit status. The script is handed over as a file.
  static func run(_ script: [UInt8], in shell: [String], options: [String] = []) throws -> (
    output: [UInt8], status: Int32
  ) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plash-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "script")
    try Data(script).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: shell[0])
    process.arguments = Array(shell.dropFirst()) + options + [file.path]
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (Array(bytes), process.terminationStatus)
  }
}
