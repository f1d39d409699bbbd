internal import Glibc
public import PlashRuntime

extension ImageList {
  /// A line for each image, with a head line.
  public var table: Bytes {
    let head = ["ID", "PARENT", "SIZE", "AGE", "NAMES", "MADE BY"]
    return TextTable.text(
      [head]
        + rows.map { row in
          [
            "\(row.image.id.number)", "\(row.parent.number)", TextTable.size(row.size),
            TextTable.age(row.details.made), row.names.map(\.printable).joined(separator: " "),
            row.maker.printable,
          ]
        })
  }

  /// The same as an array of objects; sizes in bytes, times in seconds since 1970.
  public var json: Bytes { JSON.array(rows.map { .object(members(of: $0)) }).text }

  /// These images alone, in this order.
  public func json(of images: [Image]) -> Bytes {
    let known = Dictionary(uniqueKeysWithValues: rows.map { ($0.image, $0) })
    return JSON.array(images.compactMap { known[$0].map { .object(members(of: $0)) } }).text
  }

  /// Their ids, a line each.
  public func ids(of images: [Image]) -> Bytes { images.flatMap { $0.id.digits + [0x0A] } }

  func members(of row: Row) -> [(name: String, value: JSON)] {
    [
      ("id", .number(Int(row.image.id.number))), ("parent", .number(Int(row.parent.number))),
      ("size", .number(Int(row.size))), ("made", .number(row.details.made)), ("used", .number(row.details.used)),
      ("names", .array(row.names.map { .string($0) })), ("origin", .string(row.details.origin)),
      ("damaged", .bool(row.isDamaged)),
    ]
  }

  /// All there is to say about an image, in JSON.
  public func description(of image: Image) throws(DriverError) -> Bytes {
    let row = try row(of: image)
    let store = try session.store()
    let manifest = row.details.manifest
    let environment = LoginEnvironment.known(of: image, in: store)
    return JSON.object(
      members(of: row) + [
        ("lineage", .array(steps(of: image).map { .number(Int($0.image.id.number)) })),
        ("key", .string(row.details.key)),
        ("script", .string(row.details.script)), ("entries", manifest.map { .number($0.entries) } ?? .null),
        ("sha256", manifest.map { .string($0.digest) } ?? .null),
        ("path", .string(store.absolute(image.path))),
        ("environment", environment.map { .array($0.map { .string($0) }) } ?? .null),
      ]
    ).text
  }

  /// From the base to the image.
  private func steps(of image: Image) -> [Row] {
    let known = Dictionary(uniqueKeysWithValues: rows.map { ($0.image.id, $0) })
    var steps: [Row] = []
    var next = image.id
    while let row = known[next] {
      steps.append(row)
      next = row.parent
    }
    return steps.reversed()
  }

  /// What stands on nothing that is listed: the bases, and what lost what it was built on.
  private var roots: [Row] {
    let ids = Set(rows.map(\.image.id))
    return rows.filter { !ids.contains($0.parent) }
  }

  /// Each base with all that is built on it, itself included.
  var families: [(base: Row, images: [Row])] {
    let children = Dictionary(grouping: rows, by: \.parent)
    return roots.map { base in
      var family = [base]
      var next = 0
      while next < family.count {
        family += children[family[next].image.id] ?? []
        next += 1
      }
      return (base, family)
    }
  }

  /// The steps that made an image, first to last.
  public func history(of image: Image) -> Bytes {
    Bytes(
      steps(of: image).map { row in
        let head = "\(row.image.id.number)  \(TextTable.size(row.size))  \(TextTable.age(row.details.made))"
        let lines = row.details.script.split(separator: 0x0A, omittingEmptySubsequences: false)
        let script = lines.map { $0.isEmpty ? "" : "    " + Self.withTabs($0) }.joined(separator: "\n")
        return Bytes("\(head)  \(row.maker.printable)\n\(script)".utf8)
      }.joined())
  }

  private static func withTabs(_ line: Bytes.SubSequence) -> String {
    line.split(separator: 0x09, omittingEmptySubsequences: false).map { Bytes($0).printable }.joined(separator: "\t")
  }

  /// The same as an array of objects.
  public func historyJSON(of image: Image) -> Bytes {
    JSON.array(
      steps(of: image).map { .object(members(of: $0) + [("script", .string($0.details.script))]) }
    ).text
  }

  /// Which image is built on which, as an indented list.
  public var tree: Bytes {
    let children = Dictionary(grouping: rows, by: \.parent)
    var text = ""
    func add(_ rows: [Row], _ indent: String) {
      for row in rows {
        let names = row.names.map(\.printable).joined(separator: " ")
        let label = [names, row.maker.printable, TextTable.size(row.size)].filter { !$0.isEmpty }
        text += "\(indent)\(row.image.id.number)  \(label.joined(separator: "  "))\n"
        add(children[row.image.id] ?? [], indent + "  ")
      }
    }
    add(roots, "")
    return Bytes(text.utf8)
  }

  /// The same for Graphviz.
  public var graph: Bytes {
    let lines = rows.map { row in
      let label = ["\(row.image.id.number)"] + row.names.map(\.printable) + [row.maker.printable]
      let escaped = label.map { $0.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() }
        .joined(separator: "\\n")
      let edge = row.parent == .empty ? "" : "  \(row.parent.number) -> \(row.image.id.number);\n"
      return "  \(row.image.id.number) [label=\"\(escaped)\"];\n\(edge)"
    }
    return Bytes("digraph plash {\n\(lines.joined())}\n".utf8)
  }
}
