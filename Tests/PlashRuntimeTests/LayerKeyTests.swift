import Testing

@testable import PlashRuntime

struct LayerKeyTests {
  private let base = LayerKey(base: Bytes("content"), source: Bytes("tree 1"))

  @Test func theSameEverywhere() {
    // Computed by another program: a change of the format makes every cache worthless.
    #expect(base.hex == Bytes("a9b0611ff0ac59d0af501c61ac2368e0d1494508f63ae344f197f0f67bc88162"))
    #expect(
      LayerKey(parent: base, script: Bytes("touch /a\n"), emulatingRoot: false).hex
        == Bytes("64cf0b3a65ada6fc28f7e029b0558ad9af0ebf80ccf22e8e928ca842ebe2ddea"))
  }

  @Test func fieldsDoNotRunTogether() {
    #expect(LayerKey(base: Bytes("ab"), source: Bytes("c")) != LayerKey(base: Bytes("b"), source: Bytes("ca")))
  }

  @Test func everythingCounts() {
    let key = LayerKey(parent: base, script: Bytes("a"), emulatingRoot: false)
    #expect(key != LayerKey(parent: key, script: Bytes("a"), emulatingRoot: false))
    #expect(key != LayerKey(parent: base, script: Bytes("b"), emulatingRoot: false))
    #expect(key != LayerKey(parent: base, script: Bytes("a"), emulatingRoot: true))
    #expect(LayerKey.unique() != LayerKey.unique())
  }

  @Test(arguments: ["", "ab", String(repeating: "g", count: 64), String(repeating: "A", count: 64)])
  func othersAreNoKeys(text: String) {
    #expect(LayerKey(hex: Bytes(text.utf8)) == nil)
  }
}
