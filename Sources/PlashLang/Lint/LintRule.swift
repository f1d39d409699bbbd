/// What `plash lint` looks for; each has a page under `docs/lint/`.
public enum LintRule: String, Sendable, CaseIterable {
  /// What a build refuses before it runs anything.
  case buildError = "build-error"
  /// Quotes on a macro line, where they group nothing.
  case splitQuotes = "split-quotes"
  /// Several words behind `--run` on its line: each is a line of the script.
  case splitWords = "split-words"
  /// An empty line among the lines of a script: it is not part of it.
  case lostBlankLine = "lost-blank-line"
  /// A line of a script that begins with `-`, and so became a macro.
  case dashLine = "dash-line"
  /// A base image without a version.
  case unpinnedBase = "unpinned-base"
  /// A base image that a later one replaces.
  case unusedBase = "unused-base"
  /// `apt-get install` in `--run`.
  case aptInRun = "apt-in-run"
  /// A step that changes often before one that takes long.
  case volatileFirst = "volatile-first"
  /// A layer without any text.
  case emptyLayer = "empty-layer"
  /// A hint that has a macro of its own.
  case plainHint = "plain-hint"
}
