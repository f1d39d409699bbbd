public import PlashRuntime

/// A call of `run` or `runopts`, taken apart.
public struct RunCall: Sendable {
  /// The image's id, as given.
  public let id: Bytes
  /// The program and its arguments.
  public let command: [Bytes]
  /// What was chosen.
  public let options: RunOptions

  /// The arguments of `runopts`: nothing of the host is mounted but what they say.
  public init(runopts arguments: [Bytes]) throws(DriverError) {
    let usage = "plash runopts -c ID [-d DIR] [-m PATH]... [COMMAND...]"
    var (id, options, rest) = (Bytes?.none, RunOptions(mounts: []), arguments[...])
    while let option = rest.first, option.first == 0x2D, option.count == 2 {
      rest.removeFirst()
      if option == Bytes("--") { break }
      guard let value = rest.popFirst() else { throw .usage(usage) }
      switch option {
      case Bytes("-c"): id = value
      case Bytes("-d") where !value.isEmpty: options.changes = value
      case Bytes("-m"): options.mounts.append(try RunOptions.mount(value))
      default: throw .usage(usage)
      }
    }
    guard let id else { throw .usage(usage) }
    self.id = id
    self.command = Array(rest)
    self.options = options
  }

  /// The options that lead the arguments of `run`, and what follows them.
  public static func leadingOptions(_ arguments: [Bytes]) throws(DriverError) -> (options: RunOptions, rest: [Bytes]) {
    var (options, rest) = (RunOptions(), arguments[...])
    while let option = rest.first, option == Bytes("--persist") || option == Bytes("--map") {
      guard rest.count > 1 else {
        throw .usage("plash run [--persist DIR] [--map SOURCE[:TARGET][:ro]]... ID|MACROS...")
      }
      let value = rest[rest.startIndex + 1]
      rest = rest.dropFirst(2)
      if option == Bytes("--persist") {
        if value.isEmpty { throw .usage("plash run --persist DIR ...") }
        options.changes = value
      } else {
        options.mounts.append(try RunOptions.mount(value))
      }
    }
    return (options, Array(rest))
  }
}
