import Testing

@testable import PlashRuntime

struct ImageNameTests {
  @Test(arguments: ["1", "42", "9999999999"])
  func numbersAreIDs(text: String) {
    #expect(ImageID(Bytes(text.utf8))?.digits == Bytes(text.utf8))
  }

  @Test(arguments: [
    "", "0", "00", "01", " 1", "1\n", "+1", "-1", "١", "1a", "../x", "12345678901", "18446744073709551617",
  ])
  func othersAreNot(text: String) {
    #expect(ImageID(Bytes(text.utf8)) == nil)
  }

  @Test func aLinkNamesTheWholeChain() {
    let image = Image(link: Bytes("../layer/0/3/14/15"))
    #expect(image?.lineage.map(\.number) == [3, 14, 15])
    #expect(image?.path == Bytes("layer/0/3/14/15"))
    #expect(image?.dataLink == Bytes("../../../../../data/15"))
  }

  @Test(arguments: [
    "", "../layer/0/", "../layer/0", "../layer/1/2", "layer/0/1", "../layer/0/1//2", "../layer/0/1/../2",
    "../layer/0/x",
  ])
  func otherLinksNameNothing(text: String) {
    #expect(Image(link: Bytes(text.utf8)) == nil)
  }

  @Test(arguments: ["", ".", "..", "a/b", "a\nb", "a\u{7F}", String(repeating: "x", count: 201)])
  func namesThatAreNone(name: String) {
    #expect(throws: StoreError.invalidName(Bytes(name.utf8))) { try ImageStore.mapPath(Bytes(name.utf8)) }
  }
}
