/// The macros that are written in Swift: what no expansion can say.
enum Primitive: String, CaseIterable, Sendable {
  case hint
  case `import`
  case resetImports = "reset-imports"
  case run
  case inline
  case layer
  case importEnv = "import-env"
  case invalidateLayer = "invalidate-layer"
  case writeFile = "write-file"
  case evalFile = "eval-file"
  case evalString = "eval-string"
  case evalStdin = "eval-stdin"
  case runStdin = "run-stdin"
  case evalGithub = "eval-github"
  case evalURL = "eval-url"
  case hashPath = "hash-path"
  case from
  case fromID = "from-id"
  case fromSource = "from-source"
  case defpm

  /// What `--reset-imports` leaves.
  var isBuiltin: Bool { self == .hint || self == .import || self == .resetImports }

  /// A remote Plashfile may not use it: it reads this host.
  var readsHost: Bool {
    switch self {
    case .importEnv, .evalFile, .evalStdin, .runStdin, .hashPath: true
    case .hint, .import, .resetImports, .run, .inline, .layer, .invalidateLayer, .writeFile, .evalString,
      .evalGithub,
      .evalURL, .from, .fromID, .fromSource, .defpm:
      false
    }
  }

  var signature: Signature {
    switch self {
    case .hint: Signature([Parameter("name"), Parameter("value", .optional(default: nil))])
    case .import: Signature([Parameter("library"), Parameter("libraries", .rest)])
    case .resetImports, .invalidateLayer, .evalStdin, .runStdin: Signature([])
    case .run: Signature([Parameter("lines", .rest)])
    case .inline: Signature([Parameter("words", .rest)])
    case .layer: Signature([Parameter("macro", .optional(default: nil)), Parameter("values", .rest)])
    case .importEnv: Signature([Parameter("names", .rest)])
    case .writeFile: Signature([Parameter("path"), Parameter("lines", .rest)])
    case .evalFile: Signature([Parameter("path")])
    case .evalString: Signature([Parameter("text")])
    case .evalGithub:
      Signature([Parameter("repository"), Parameter("file", .optional(default: Array("plashfile".utf8)))])
    case .evalURL: Signature([Parameter("url")])
    case .hashPath: Signature([Parameter("path"), Parameter("paths", .rest)])
    case .from: Signature([Parameter("image")])
    case .fromID: Signature([Parameter("id")])
    case .fromSource:
      Signature([
        Parameter("source"), Parameter("name", .optional(default: nil)), Parameter("options", .rest),
      ])
    case .defpm: Signature([Parameter("name"), Parameter("lines", .rest)])
    }
  }
}
