import Foundation

@testable import PlashLang

/// One example of the spec, ready to run.
struct SpecExample {
  private var source: SourceFile?
  private var host = FakeHost()

  /// Takes the content of a fence.
  mutating func add(_ kind: String, name: String?, _ content: String) {
    switch (kind, name) {
    case ("plashfile", nil): source = .plashfile(unescape(content))
    case ("plashfile", let name?): host.files[name] = unescape(content)
    case ("arguments", nil):
      source = SourceFile(
        arguments: content.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
          Array(unescape(String($0)).utf8)
        })
    case ("standard-input", nil): source = SourceFile(standardInput: Array(unescape(content).utf8))
    case ("input", nil): host.input = Array(content.utf8)
    case ("file", let name?): host.files[name] = content
    case ("yaml", let name?): host.libraries[name] = unescape(content)
    case ("remote", let name?): host.remote[name] = content
    case ("environment", nil):
      for line in content.split(separator: "\n") {
        let parts = unescape(String(line)).split(
          separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        host.variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
      }
    default: break
    }
  }

  /// What no Markdown can show is written as in `\u{202E}`.
  private func unescape(_ text: String) -> String {
    text.replacing(/\\u\{([0-9A-F]+)\}/) { match in
      UInt32(match.1, radix: 16).flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? ""
    }
  }

  private var result: Result<BuildPlan, CompileError>? {
    guard let source else { return nil }
    var host = host
    host.rewind()
    do throws(CompileError) {
      return .success(try compile(source, libraries: Standard.libraries, host: host))
    } catch {
      return .failure(error)
    }
  }

  /// What the example gives, in the form of a fence of this kind.
  func outcome(showing kind: String) -> String {
    if kind == "tokens" { return tokens }
    if kind == "formatted" {
      return source.flatMap { try? $0.formatted() }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    switch result {
    case nil: return "no source\n"
    case .success(let plan)?:
      return kind == "plan" ? show(plan) : String(decoding: plan.script, as: UTF8.self)
    case .failure(let error)?: return rendered(error)
    }
  }

  /// The name of the error that the example gives.
  var errorCase: String? {
    guard case .failure(let error)? = result else { return nil }
    switch error.kind {
    case .host(let kind): return label(kind)
    case .yaml(let kind): return label(kind)
    case .library(let kind): return label(kind)
    case let kind: return label(kind)
    }
  }

  private func label(_ value: Any) -> String {
    Mirror(reflecting: value).children.first?.label ?? "\(value)"
  }

  private var tokens: String {
    guard let source else { return "no source\n" }
    return Lexer.tokens(of: source).map { token in
      "\(token.kind) \(String(decoding: source.text[token.span], as: UTF8.self).debugDescription)\n"
    }.joined()
  }

  private func show(_ plan: BuildPlan) -> String {
    func text(_ bytes: [UInt8]?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
    var lines = ["base: \(text(plan.base))", "entrypoint: \(text(plan.entrypoint))"]
    lines.append("passed: \(plan.passedVariables.map(text).joined(separator: " "))")
    for (index, layer) in plan.layers.enumerated() {
      lines.append("layer \(index + 1):")
      lines += layer.lines.map { "  \(text($0.text))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
