// The helper that brings images in and takes them out: `plash-import STORE SOURCE`. It is started by plash in a namespace
// where it is root. Further words, each with a NUL at its end, are in a file that is its descriptor 3; there it writes in
// their place what is wrong. It prints the id of an image that it made.
import Glibc
import PlashImages
import PlashRuntime

let arguments = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { Bytes(cString: $0) } }
// The modes of images are not the caller's affair, those of the archives that are written for him are.
if arguments.last != Bytes("export") { umask(0o022) }
// A limit on the size of files is an error like others.
signal(SIGXFSZ, SIG_IGN)
guard arguments.count == 3, let words = Request.take(from: 3) else { exit(2) }
do throws(ImportError) {
  let answer = try ImportCommand.run([arguments[2]] + words, in: arguments[1])
  try? FileSystem.write(answer, to: 1)
} catch {
  try? FileSystem.write(Bytes(error.message.utf8), to: 3)
  exit(1)
}
