import PlashDriver
import PlashLang
import PlashRuntime

extension Command {
  static let eval = Command(
    name: "eval", arguments: "[--annotate] [--no-import] [--refresh] [MACROS...]",
    description: """
      Print the shell script that macros stand for.
      Without MACROS a Plashfile is read from standard input. With --annotate each line is led by the place
      that it comes from. With --no-import it is an error if a base that is named is not here yet;
      --refresh looks again at where bases and texts come from, as in `plash build`.
      """,
    counts: 0...Command.many
  ) { arguments, session throws(DriverError) in
    let known = ["--annotate", "--no-import", "--refresh"].map { Bytes($0.utf8) }
    let options = arguments.prefix { known.contains($0) }
    session.refreshesBases = options.contains(Bytes("--refresh"))
    let source = try session.source(Array(arguments.dropFirst(options.count)))
    let plan = try session.plan(source, importing: !options.contains(Bytes("--no-import")))
    try Process.print(options.contains(Bytes("--annotate")) ? plan.annotatedScript : plan.script)
  }
}
