internal import CPlashShims
internal import Glibc

/// Changes of a run on disk, in a workspace that is deleted when the container's root file system has gone, whatever
/// ended it. The program that runs is this very process, so another one has to do that: `Reaper`.
public enum DiskChanges {
  /// The name by which the executable is started as the reaper.
  public static let reaperName = Bytes("plash-reap")

  /// Starts a reaper, which makes the workspace: whenever this process is killed, by itself or with its whole group,
  /// either there is no workspace or somebody who deletes it. The reaper has a mount namespace of its own before this
  /// returns: in this one it would keep alive what it waits for.
  public static func prepare(_ spec: inout ContainerSpec, in store: ImageStore) throws(StoreError) {
    do throws(SystemError) {
      try start(&spec, in: store)
    } catch {
      throw store.failure(error)
    }
  }

  private static func start(_ spec: inout ContainerSpec, in store: ImageStore) throws(SystemError) {
    let name = randomBytes(8).hexadecimal
    let inotify = try check("inotify_init") { inotify_init1(Int32(IN_CLOEXEC)) }
    let lifeline = try Pipe.make()
    let readiness = try Pipe.make()
    var reaper = Program(path: Bytes("/proc/self/exe"), arguments: [store.path, name], environment: [])
    reaper.name = reaperName
    reaper.descriptors = [inotify, lifeline.reader.number, readiness.writer.number]
    _ = try Program.wait(for: try reaper.start(output: .null, errors: .null))
    let answer = try readiness.takeReader().readAll()
    if answer != Reaper.ready {
      // `ERRNO CALL PATH`
      let words = answer.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
      let code = words.first.flatMap { Int32(String(decoding: $0, as: UTF8.self)) }
      guard words.count == 3, let code else { throw SystemError(call: "exec", path: reaper.path, code: ECHILD) }
      throw SystemError(call: String(decoding: words[1], as: UTF8.self), path: Bytes(words[2]), code: code)
    }
    spec.changes = .workspace(name: name)
    spec.watcher = inotify
    spec.lifeline = lifeline.takeWriter().kept()
  }
}

extension ImageStore {
  /// Changes that are kept in a folder, which is made if it is missing: `data` has the files, `work` is the kernel's.
  /// No folder of the store: images would change.
  public func changes(keptIn folder: Bytes) throws(StoreError) -> ContainerSpec.Changes {
    let folder = FileSystem.withoutSlashAtEnd(
      try storing { () throws(SystemError) in try FileSystem.absolute(folder) })
    let (files, work) = (folder + Bytes("/data"), folder + Bytes("/work"))
    for path in [folder, files, work] {
      if try storing({ () throws(SystemError) in try holds(path) }) { throw .overlapsStore(path) }
      try storing { () throws(SystemError) in try FileSystem.makeDirectoryIfMissing(path, mode: 0o755) }
    }
    return .folders(files: files, work: work)
  }

  /// Whether the directory, or the one that it would be made in, is in the data directory.
  private func holds(_ path: Bytes) throws(SystemError) -> Bool {
    let parent = path[...(path.lastIndex(of: 0x2F) ?? 0)]
    let existing = FileSystem.exists(path) ? path : Bytes(parent)
    return try Descriptor.open(existing, O_RDONLY | O_DIRECTORY).isBelow(root)
  }
}

extension ContainerSpec {
  /// Whether memory can hold changes: the kernel's tmpfs has user xattrs, which overlays need, since Linux 6.6.
  public static var memoryHoldsChanges: Bool {
    KernelVersion.current >= KernelVersion(major: 6, minor: 6)
  }
}
