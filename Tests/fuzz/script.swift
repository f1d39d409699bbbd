import Glibc

/// Values to shell text: the shell reads it, and nothing in a value ever runs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let canary = Array("$(touch CANARY)`touch CANARY`;touch CANARY;\n touch CANARY".utf8)
  let values = input.split(separator: 0x0A).map(Array.init)
  let escaped = (values + values.map { $0 + canary + $0 }).map { Array("--\\ ".utf8) + $0 }
  for call in [
    ["--apt"], ["--write-script", "file"], ["--entrypoint-script"], ["--defpm", "m", "true {}", "--m"],
  ] {
    let source = SourceFile(arguments: call.map { Array($0.utf8) } + escaped)
    guard let plan = planOrError(source, [FuzzHost.standard], FuzzHost(text: input)) else { continue }
    precondition(plan.base == nil, "a value became a hint")
    let entrypoint = Array("--entrypoint-script".utf8)
    precondition(plan.entrypoint == nil || source.text.starts(with: entrypoint), "a value became a hint")
    run(plan.script)
  }
  return 0
}

/// The commands of the macros do nothing; `touch` works.
nonisolated(unsafe) private let path: [UnsafeMutablePointer<CChar>?] = {
  mkdir("bin", 0o700)
  for name in ["apt-get", "chmod"] { symlink("/bin/true", "bin/" + name) }
  symlink("/bin/touch", "bin/touch")
  return [strdup("PATH=./bin"), nil]
}()

private func run(_ script: [UInt8]) {
  // `/entrypoint` becomes a file of the folder: the fuzzer may be root.
  let text = Array("set -f\n".utf8) + replacingEntrypoint(script)
  let file = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  precondition(text.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == text.count)
  close(file)
  for option: String in ["-n", "-e"] {
    var child = pid_t()
    var arguments = [strdup("dash"), strdup(option), strdup("script"), nil]
    defer { arguments.forEach { free($0) } }
    precondition(posix_spawn(&child, "/bin/dash", nil, nil, &arguments, path) == 0)
    var status: CInt = 0
    waitpid(child, &status, 0)
    precondition(status == 0, "the shell does not accept the script")
  }
  precondition(access("CANARY", F_OK) != 0, "a value was run")
}

private func replacingEntrypoint(_ script: [UInt8]) -> [UInt8] {
  let target = Array(">/entrypoint\n".utf8)
  guard let index = script.indices.last(where: { script[$0...].starts(with: target) }) else { return script }
  return script[..<index] + Array(">./entrypoint\n".utf8) + script[(index + target.count)...]
}
