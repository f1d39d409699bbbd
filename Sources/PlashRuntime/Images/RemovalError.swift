/// Why an image could not be deleted.
public enum RemovalError<Entering: Error>: Error {
  /// The store says why.
  case store(StoreError)
  /// This process could not be made able to delete the data.
  case entering(Entering)

  static func storing<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(Self) -> Result {
    do {
      return try body()
    } catch {
      throw .store(.system(error))
    }
  }
}
