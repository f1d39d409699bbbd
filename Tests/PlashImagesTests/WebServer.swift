import Foundation

/// A server of the tests, until this value goes.
final class WebServer {
  private let process = Process()
  private let input = Pipe()
  private let host: String
  let port: Int

  /// The server that lies; with `files`, an honest one for that folder; with `isIPv6`, at ::1 alone; with
  /// `isSilent`, one that says nothing.
  init(certificate: String? = nil, files: String? = nil, isIPv6: Bool = false, isSilent: Bool = false) throws {
    host = isIPv6 ? "[::1]" : "127.0.0.1"
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus/server.py")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script.path] + (certificate.map { [$0] } ?? [])
    var environment = ProcessInfo.processInfo.environment
    if isIPv6 { environment["IPV6"] = "1" }
    if isSilent { environment["SILENT"] = "1" }
    if files != nil { environment["FILES"] = "1" }
    process.environment = environment
    if let files {
      process.currentDirectoryURL = URL(fileURLWithPath: files)
    }
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func address(_ path: String, scheme: String = "http", user: String = "") -> [UInt8] {
    Array("\(scheme)://\(user)\(host):\(port)/\(path)".utf8)
  }
}
