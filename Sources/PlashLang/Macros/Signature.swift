/// What a macro takes, in order.
struct Signature: Sendable, Equatable {
  let parameters: [Parameter]

  init(_ parameters: [Parameter]) {
    self.parameters = parameters
  }

  /// How many values there have to be.
  var minimum: Int { parameters.count { $0.arity == .required } }

  /// How many there can be; nil: any number.
  var maximum: Int? { parameters.last?.arity == .rest ? nil : parameters.count }

  /// As `NAME [VALUE]`.
  var usage: [UInt8] { Array(parameters.map(\.usage).joined(separator: [UInt8(ascii: " ")])) }

  func index(of name: ArraySlice<UInt8>) -> Int? { parameters.firstIndex { $0.name[...] == name } }
}
