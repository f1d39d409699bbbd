internal import PlashRuntime

/// The newest builds of a server's images that were seen so far. What is older is not taken any more, however well it is
/// signed: whoever is between the server and here could keep holes open that were mended.
struct NewestBuilds {
  /// The file that they are remembered in.
  static let name = Bytes("lxc-newest")

  private let server: Bytes
  /// Of all servers: the address, a blank, and what the image is called, up to the serial.
  private var serials: [Bytes: Bytes] = [:]

  /// Reads lines of an address, a blank and an `IndexedImage.exactName`; others are skipped.
  init(of server: Bytes, in memory: borrowing Memory) {
    self.server = server.withoutCredentials
    for line in (memory.content(of: NewestBuilds.name) ?? []).split(separator: 0x0A) {
      guard let end = line.lastIndex(of: 0x3B) else { continue }
      serials[Bytes(line[..<end])] = Bytes(line[(end + 1)...])
    }
  }

  /// The serial of the newest build that was seen of this image.
  func serial(of image: IndexedImage) -> Bytes? { serials[key(image)] }

  /// Takes in what the server has now.
  mutating func add(_ images: [IndexedImage]) {
    for image in images where serial(of: image)?.lexicographicallyPrecedes(image.serial) ?? true {
      serials[key(image)] = image.serial
    }
  }

  /// Writes them down.
  func save(in memory: borrowing Memory) throws(ImportError) {
    let lines = serials.map { $0.key + [0x3B] + $0.value + [0x0A] }
    try memory.save(
      lines.sorted { $0.lexicographicallyPrecedes($1) }.flatMap(\.self), as: NewestBuilds.name)
  }

  private func key(_ image: IndexedImage) -> Bytes {
    server + [0x20] + image.exactName.dropLast(image.serial.count + 1)
  }
}
