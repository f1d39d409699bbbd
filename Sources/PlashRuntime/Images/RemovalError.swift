/// Why an image could not be deleted.
public enum RemovalError<Entering: Error>: Error {
  /// The store says why.
  case store(StoreError)
  /// This process could not be made able to delete the data.
  case entering(Entering)
}
