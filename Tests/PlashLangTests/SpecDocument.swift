import Foundation

@testable import PlashLang

/// A chapter of the spec: prose with fenced examples. See `spec/README.md` for the fences.
struct SpecDocument {
  struct Expectation {
    let example: SpecExample
    /// `script`, `error`, `plan`, `tokens` or `formatted`.
    let kind: String
    let text: String
    let line: Int
    fileprivate let lines: Range<Int>
  }

  private(set) var expectations: [Expectation] = []
  private var lines: [String]
  private var updates: [(Range<Int>, [String])] = []

  init(_ text: String) {
    lines = text.components(separatedBy: "\n")
    var example = SpecExample()
    var index = 0
    while index < lines.count {
      defer { index += 1 }
      if lines[index].hasPrefix("#") { example = SpecExample() }
      guard lines[index].hasPrefix("```"), lines[index].count > 3 else { continue }
      let info = lines[index].dropFirst(3).split(separator: " ", maxSplits: 1).map(String.init)
      let start = index + 1
      while index + 1 < lines.count, lines[index + 1] != "```" { index += 1 }
      let content = lines[start..<index + 1].map { $0 + "\n" }.joined()
      index += 1
      if ["script", "error", "plan", "tokens", "formatted"].contains(info[0]) {
        expectations.append(
          Expectation(example: example, kind: info[0], text: content, line: start, lines: start..<index))
      } else {
        example.add(info[0], name: info.count > 1 ? info[1] : nil, content)
      }
    }
  }

  mutating func update(_ index: Int, to outcome: String) {
    let content =
      outcome.isEmpty ? [] : outcome.dropLast(outcome.hasSuffix("\n") ? 1 : 0).components(separatedBy: "\n")
    updates.append((expectations[index].lines, content))
  }

  /// With all updates.
  var text: String {
    var result = lines
    for (range, content) in updates.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
      result.replaceSubrange(range, with: content)
    }
    return result.joined(separator: "\n")
  }
}
