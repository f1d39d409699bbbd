/// Why the store could not do what was asked.
public enum StoreError: Error, Equatable, Sendable {
  /// A system call failed.
  case system(SystemError)
  /// The file system of the data directory can take no more.
  case full(path: Bytes, Shortage)
  /// Others than the owner can reach the data directory: a setuid file of an image would be theirs to run.
  case accessibleToOthers(path: Bytes, mode: UInt32)
  /// The data directory belongs to another user.
  case foreignOwner(path: Bytes, owner: UInt32)
  /// The folder has other things in it, and no store.
  case notAStore(path: Bytes)
  /// Not the number of an image, though it may be the name of one.
  case invalidID(Bytes, named: ImageID?)
  /// No image has that number.
  case unknownImage(ImageID)
  /// A name for an image has 1 to 200 bytes, no slash, no control bytes, and is not `.` or `..`.
  case invalidName(Bytes)
  /// A container uses the image, or nil: a build.
  case inUse(ImageID, by: ImageUser?)
  /// Something is being built or run.
  case underWay
  /// What should become a layer is not a directory.
  case notADirectory(Bytes)
  /// What should become a layer, or hold the changes of runs, lies in the data directory or holds it.
  case overlapsStore(Bytes)
  /// cp(1), which has said why, could not copy this directory into the store.
  case copyFailed(Bytes, ExitStatus)
  /// The image, or one that others stand on, lacks a part of its own.
  case damaged(ImageID)
}
