import PlashDriver
import PlashRuntime

extension Command {
  static let tree = Command(
    name: "tree", arguments: "[--dot|--json]",
    description: """
      Show which image is built on which.
      With --dot as a graph for Graphviz.
      """,
    counts: 0...1
  ) { arguments, session throws(DriverError) in
    let images = try ImageList(session)
    switch arguments.first {
    case nil: try Process.print(images.tree)
    case Bytes("--dot"): try Process.print(images.graph)
    case Bytes("--json"): try Process.print(images.json)
    default: throw .usage("plash tree [--dot|--json]")
    }
  }
}
