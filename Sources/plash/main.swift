import PlashDriver
import PlashRuntime

let arguments = Process.arguments
if arguments.first == DiskChanges.reaperName { Reaper.run(arguments) }
do {
  try CommandTable.run(Array(arguments.dropFirst()), Session())
} catch {
  Report(error).end()
}
