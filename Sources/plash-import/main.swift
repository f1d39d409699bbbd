// The helper that makes base images: `plash-import STORE SOURCE [WORD...]`. It is started by plash in a namespace where
// it is root, and prints the id of the image, or why there is none. Some commands write something else: OutputCommand.
import Glibc
import PlashImages
import PlashRuntime

umask(0o022)
let arguments = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { Bytes(cString: $0) } }
let words = Array(arguments.dropFirst())
do throws(ImportError) {
  if try OutputCommand.run(words) { exit(0) }
} catch {
  try? FileSystem.write(Bytes("plash error: \(error.message)\n".utf8), to: 2)
  exit(1)
}
let result = ImportCommand.run(words)
try? FileSystem.write(result.text + [0x0A], to: 1)
exit(result.status)
