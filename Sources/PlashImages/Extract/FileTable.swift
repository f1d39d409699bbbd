/// Anything else than a directory, by its number; hard links have the same.
struct FileNumber: Equatable {
  fileprivate let value: UInt32
}

/// What the digest of a tree says of a file besides its name.
enum FileState {
  /// No writer has finished it yet.
  case open
  /// Kind, attributes and content, digested.
  case described(Digest)
  /// It was told: which one it is in the order of the tree, for the links that follow.
  case told(ordinal: Int)
}

/// The files of an extracted tree. Their states lie in pieces of memory that stay where they are: the writers fill them
/// in while the reader adds others. Objects would take twice the room, and there may be two million.
final class FileTable {
  private static let pieceCount = 4096

  private var pieces: [UnsafeMutablePointer<FileState>] = []
  private var count = 0

  deinit { for piece in pieces { piece.deallocate() } }

  /// A new one, still open.
  func add() -> FileNumber {
    if count.isMultiple(of: FileTable.pieceCount) { pieces.append(.allocate(capacity: FileTable.pieceCount)) }
    let number = FileNumber(value: UInt32(count))
    count += 1
    state(of: number).initialize(to: .open)
    return number
  }

  /// Where its state lies, for as long as the table exists.
  func state(of file: FileNumber) -> UnsafeMutablePointer<FileState> {
    let (piece, index) = Int(file.value).quotientAndRemainder(dividingBy: FileTable.pieceCount)
    return pieces[piece] + index
  }
}
