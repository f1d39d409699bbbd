import Foundation

/// A directory of its own for a test, removed at the end, and the programs that run in it.
final class Sandbox {
  /// Its absolute path.
  let path: String

  /// Makes it, open to all.
  init() throws {
    let template =
      FileManager.default.temporaryDirectory.path + "/plash-images-" + UUID().uuidString.prefix(8)
    path = String(template)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  deinit { _ = try? run("chmod -R u+rwx . ; rm -rf \"$PWD\"") }

  /// Runs shell text in the directory. Gives its standard output; fails the test if it fails.
  @discardableResult
  func run(_ script: String, _ arguments: [String] = []) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-euc", script, "sh"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status = process.terminationStatus
    guard status == 0 else { throw ProgramFailure(script: script, status: status) }
    return String(decoding: data, as: UTF8.self)
  }

  func write(_ name: String, _ content: [UInt8]) throws {
    try Data(content).write(to: URL(fileURLWithPath: path + "/" + name))
  }
}

struct ProgramFailure: Error {
  let script: String
  let status: Int32
}
