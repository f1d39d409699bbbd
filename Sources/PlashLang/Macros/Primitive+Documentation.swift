extension Primitive {
  /// What it does, in the words of `plash help-macros`.
  var documentation: String {
    switch self {
    case .hint: "Says something to plash: a line `### plash hint: NAME=VALUE` of the script."
    case .import: "Loads macro libraries; yields nothing."
    case .resetImports: "Forgets all macros but `hint`, `import` and `reset-imports`; yields nothing."
    case .run: "Runs shell lines, as they stand."
    case .inline: "Runs the words as one shell line, joined by blanks."
    case .layer: "Begins a new layer; with a macro and values: a layer for each value."
    case .importEnv:
      "Sets shell variables to the values that they have on the host; those not set there are skipped."
    case .invalidateLayer: "Makes this layer build anew every time."
    case .writeFile: "Writes a file of exactly these lines."
    case .evalFile: "Evaluates a Plashfile in place."
    case .evalString:
      "Splits a text as a shell splits words, and evaluates the words as lines of a Plashfile."
    case .evalStdin: "Evaluates standard input as a Plashfile in place."
    case .runStdin: "Runs standard input as a shell script; hint lines in it are hints."
    case .evalGithub: "Fetches a Plashfile of a GitHub repository and evaluates it in place."
    case .evalURL: "Fetches a Plashfile and evaluates it in place."
    case .hashPath: "Makes the layer depend on names, modes and contents of files of the host."
    case .from: "Builds on an image: by its id if it is a number, else by its name at linuxcontainers.org."
    case .fromID: "Builds on the image of this id."
    case .fromSource: "Builds on an image of a source: what the other `from-` macros stand on."
    case .defpm:
      "Defines a macro: its values, quoted, replace `{}` in the lines; without values it yields nothing."
    }
  }
}
