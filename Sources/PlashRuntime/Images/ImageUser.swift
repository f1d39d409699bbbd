/// Who may need the data of an image besides builds, which hold it.
public enum ImageUser: Equatable, Sendable {
  /// A container; the pid of one of its processes.
  case process(Bytes)
  /// Containers of a pid namespace that cannot be seen from this one. There may be none any more: then this file, which
  /// says that there were some, can go.
  case unseenNamespace(mark: Bytes)
  /// Somebody who has mounted the image here.
  case mountPoint(Bytes)
  /// Somebody who has mounted something here, on the image's data.
  case mount(Bytes)
}
