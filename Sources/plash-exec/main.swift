import PlashDriver
import PlashLang
import PlashRuntime

let arguments = Process.arguments
if arguments.first == DiskChanges.reaperName { Reaper.run(arguments) }
do {
  try Session().execute(Array(arguments.dropFirst()))
} catch {
  Report(error).end()
}
