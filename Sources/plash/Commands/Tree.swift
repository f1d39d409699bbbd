import PlashDriver
import PlashRuntime

extension Command {
  static let tree = Command(
    name: "tree", arguments: "[--dot|--json]",
    description: """
      Show which image is built on which.
      With --dot as a graph for Graphviz.
      """,
    flags: ["--dot", "--json"], counts: 0...0
  ) { words, session throws(DriverError) in
    if words.has("--dot") && words.has("--json") { throw .usage("plash tree [--dot|--json]") }
    let images = try ImageList(session)
    try Process.print(words.has("--dot") ? images.graph : words.has("--json") ? images.json : images.tree)
  }
}
