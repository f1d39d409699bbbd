internal import Glibc
public import PlashRuntime

extension Session {
  /// Deletes an image and all built on it, unless `isWanted`, told all that, says no; an error if any of it is in use.
  public func remove(_ image: Image, if isWanted: ([Image]) -> Bool = { _ in true }) throws(DriverError) {
    let store = try store()
    do throws(RemovalError<DriverError>) {
      try store.remove(image, if: isWanted) { () throws(DriverError) in try enterNamespace() }
    } catch {
      switch error {
      case .store(let error): throw reachable(error)
      case .entering(let error): throw error
      }
    }
  }

  /// Moves the directory `path` in as a layer.
  public func addLayer(on parent: Image, from path: Bytes) throws(DriverError) -> Image {
    try Process.checkOutput()
    let store = try store()
    try enterNamespace()
    let directory = try driving { () throws(SystemError) in try FileSystem.absolute(path) }
    return try driving { () throws(StoreError) in
      try store.add(directory, as: LayerRecord(key: .unique(), origin: Bytes("add-layer")), on: parent)
    }
  }

  /// Copies the root file system of an image into the new directory `path`, by cp(1) from a mount.
  public func copy(_ image: Image, to path: Bytes) throws(DriverError) {
    let target = try driving { () throws(SystemError) in try FileSystem.absolute(path) }
    let words = ["cp", "-aT", "--reflink=auto", "."].map { Bytes($0.utf8) } + [target]
    try goInside(image)
    try driving { () throws(SystemError) in
      try FileSystem.makeDirectory(target, at: AT_FDCWD, mode: 0o700)
      // Not to a group of its parent's either, which would be that of all that is made in it.
      try FileSystem.changeMode(target, at: AT_FDCWD, to: 0o700)
    }
    Process.catchSignals()
    do throws(DriverError) {
      var command = ContainerCommand(words, environment: Environment.entries)
      command.isClosed = false
      let status = try driving { () throws(ContainerError) in try Container.supervise(command, ids: ids).status }
      if !status.isSuccess { throw .copyFailed(target, status) }
    } catch {
      try? FileSystem.removeTree(target, at: AT_FDCWD)
      throw error
    }
  }

  /// Makes the directory `path` with the root file system of an image, whose files are hard links to those of its layers.
  public func shallowCopy(_ image: Image, to path: Bytes) throws(DriverError) {
    let store = try store()
    let hold = try hold(image)
    defer { withExtendedLifetime(hold) {} }
    try enterNamespace()
    // Opened in this process's mount namespace: links do not lead from one to another.
    let layers = try driving { () throws(StoreError) in try ImageStore(path: store.path).openLayers(of: image) }
    try driving { () throws(SystemError) in
      try FileSystem.makeDirectory(path, at: AT_FDCWD, mode: 0o700)
      do throws(SystemError) {
        try LayerMerge.merge(layers, into: Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
      } catch {
        try? FileSystem.removeTree(path, at: AT_FDCWD)
        throw error
      }
    }
  }

  /// Deletes everything in the data directory, and the directory if that is possible.
  public func purge() throws(DriverError) {
    let store = try store()
    try enterNamespace()
    try driving { () throws(StoreError) in try store.purge() }
  }

  /// Asks on the terminal.
  public func confirm(_ question: String) throws(DriverError) -> Bool {
    Process.complain(Bytes(question.utf8))
    let answer = try driving { () throws(SystemError) in try Descriptor.standardInput().read(upTo: 100) }
    return answer.prefix { $0 != 0x0A }.elementsEqual(Bytes("y"))
  }
}

extension Session {
  /// What differs from one image to another; from the empty one, everything is new.
  public func difference(from old: Image, to new: Image) throws(DriverError) -> ImageDifference {
    try startNamespace()
    // Not one on the other: from inside the lower one, `..` would lead into the upper one.
    let (place, other) = (try store().absolute(Bytes("tmp")), try store().absolute(Bytes("map")))
    let before = old == .empty ? nil : try mounted(old, on: other)
    let after = try mounted(new, on: place)
    return try driving { () throws(SystemError) in try ImageDifference(from: before, to: after) }
  }

  /// Mounts an image in this process's namespace and gives a descriptor of its root, open for the life of the process.
  private func mounted(_ image: Image, on place: Bytes) throws(DriverError) -> Int32 {
    var spec = ContainerSpec(store: try store(), image: image, changes: .memory, mounts: [], ids: ids)
    spec.mountPoint = place
    var entry = try entry(&spec, RunOptions(mounts: []), holding: try hold(image))
    try driving { () throws(ContainerError) in try entry.mount() }
    return try driving { () throws(SystemError) in
      try Descriptor.open(place, O_RDONLY | O_DIRECTORY).kept()
    }
  }
}
