public import Glibc

/// A system call that failed.
public struct SystemError: Error, Equatable, Sendable {
  /// The call's name, as in section 2 of the manual.
  public let call: String
  /// The file or other object concerned; empty if there is none.
  public let path: Bytes
  /// The `errno` value.
  public let code: Int32

  /// A failure of `call` on `path` with `code`.
  public init(call: String, path: Bytes = [], code: Int32) {
    self.call = call
    self.path = path
    self.code = code
  }

  /// The failure that `errno` tells of now.
  public static func current(_ call: String, _ path: Bytes = []) -> SystemError {
    SystemError(call: call, path: path, code: errno)
  }

  /// The same failure of something in `folder`, whose path was told from there. Absolute paths stay.
  func below(_ folder: Bytes) -> SystemError {
    if path.first == 0x2F || folder.isEmpty { return self }
    return SystemError(call: call, path: path.isEmpty ? folder : folder + [0x2F] + path, code: code)
  }

  /// The same failure, its path from the root instead of from an open directory, as people need it.
  func from(_ directory: Int32) -> SystemError {
    let folder = directory == AT_FDCWD ? [] : Descriptor.path(of: directory)
    return folder.isEmpty ? self : below(folder)
  }

  /// Whether the caller may not do that with the file.
  public var isRefusal: Bool { [EACCES, EPERM].contains(code) }

  /// The C library's description of the code.
  public var reason: String { String(cString: strerror(code)) }
}

/// The result of a call that returns -1 on failure; calls interrupted by a signal are made again. The path is looked up
/// from `directory`.
@discardableResult
public func check<Number: SignedInteger>(
  _ call: String, _ path: @autoclosure () -> Bytes = [], at directory: Int32 = AT_FDCWD, _ body: () -> Number
) throws(SystemError) -> Number {
  while true {
    let result = body()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError.current(call, path()).from(directory) }
  }
}
