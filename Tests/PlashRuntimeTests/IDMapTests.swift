import Testing

@testable import PlashRuntime

/// Which of the ids that a host grants are mapped.
struct IDMapTests {
  private func arguments(_ ranges: (UInt32, UInt32)...) -> String {
    let map = IDMap(root: 1000, granted: ranges.map { IDRange(start: $0.0, count: $0.1) })
    return map.arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  @Test func rangesFollowEachOther() {
    #expect(arguments((100_000, 10), (200_000, 5)) == "0 1000 1 1 100000 10 11 200000 5")
  }

  @Test func noIDIsMappedTwice() {
    #expect(arguments((100_000, 10), (100_000, 10)) == "0 1000 1 1 100000 10")
    #expect(arguments((100_000, 10), (100_009, 5), (100_010, 1)) == "0 1000 1 1 100000 10 11 100010 1")
    #expect(arguments((900, 200), (UInt32.max, 5), (UInt32.max - 1, 3)) == "0 1000 1 1 4294967295 5")
  }
}
