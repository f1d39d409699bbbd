// The helper that brings images in and takes them out: `plash-import STORE SOURCE [WORD...]`. It is started by plash in a
// namespace where it is root. It prints the id of an image that it made, and writes what is wrong to descriptor 3.
import Glibc
import PlashImages
import PlashRuntime

umask(0o022)
let arguments = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { Bytes(cString: $0) } }
guard arguments.count > 2 else { exit(2) }
do throws(ImportError) {
  let answer = try ImportCommand.run(Array(arguments.dropFirst(2)), in: arguments[1])
  try? FileSystem.write(answer, to: 1)
} catch {
  try? FileSystem.write(Bytes(error.message.utf8), to: 3)
  exit(1)
}
