/// A macro call with everything at hand.
struct Call {
  let name: ArraySlice<UInt8>
  let arguments: [Argument]
  let origin: Origin
  /// The macro called in a line before it in the same text.
  var previous: ArraySlice<UInt8>?

  /// Throws if there are more or fewer values than the signature has.
  func check(_ signature: Signature) throws(CompileError) {
    if arguments.count < signature.minimum {
      throw CompileError(.tooFewValues(macro: Array(name), signature: signature), origin)
    }
    if let maximum = signature.maximum, arguments.count > maximum {
      throw CompileError(.tooManyValues(macro: Array(name), signature: signature), arguments[maximum].origin)
    }
  }
}
