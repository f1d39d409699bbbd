internal import PlashRuntime

/// The users and groups that files can be given to.
public struct OwnerIDs: Sendable, Equatable {
  let users: [ClosedRange<Int>]
  let groups: [ClosedRange<Int>]

  /// The ranges of allowed ids.
  public init(users: [ClosedRange<Int>], groups: [ClosedRange<Int>]) {
    self.users = users
    self.groups = groups
  }

  /// Those mapped in the user namespace that this process is in.
  public static func mapped() throws(ImportError) -> OwnerIDs {
    OwnerIDs(users: try ranges(Bytes("/proc/self/uid_map")), groups: try ranges(Bytes("/proc/self/gid_map")))
  }

  /// With one id alone, all files become root's: there is nobody else.
  var isSingle: Bool { users == [0...0] || groups == [0...0] }

  private static func ranges(_ file: Bytes) throws(ImportError) -> [ClosedRange<Int>] {
    let text = try system { () throws(SystemError) in try FileSystem.content(of: file) }
    return joined(text.split(separator: 0x0A).compactMap(range))
  }

  private static func range(_ line: ArraySlice<UInt8>) -> ClosedRange<Int>? {
    let fields = line.split(separator: 0x20).map { TarNumber.decimal($0) }
    guard fields.count == 3, let first = fields[0], let count = fields[2], count > 0 else { return nil }
    return first...(first + count - 1)
  }

  /// Neighbours as one.
  private static func joined(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    var result: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, last.upperBound + 1 >= range.lowerBound {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}
