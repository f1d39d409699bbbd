// The helper that makes base images: `plash-import STORE SOURCE [WORD...]`. It is started by plash in a namespace where
// it is root, and prints the id of the image, or why there is none.
import Glibc
import PlashImages
import PlashRuntime

umask(0o022)
let arguments = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { Bytes(cString: $0) } }
let result = ImportCommand.run(Array(arguments.dropFirst()))
try? FileSystem.write(result.text + [0x0A], to: 1)
exit(result.status)
