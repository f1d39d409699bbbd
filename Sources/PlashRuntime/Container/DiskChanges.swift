internal import CPlashShims
internal import Glibc

/// Changes of a run on disk, in a workspace that is deleted when the container's root file system has gone, whatever
/// ended it. The program that runs is this very process, so another one has to do that: `Reaper`.
public enum DiskChanges {
  /// The name by which the executable is started as the reaper.
  public static let reaperName = Bytes("plash-reap")

  /// Makes the workspace and starts its reaper. The reaper has a mount namespace of its own before this returns: in this
  /// one it would keep alive what it waits for.
  public static func prepare(_ spec: inout ContainerSpec, in store: ImageStore) throws(SystemError) {
    let workspace = try Workspace.make(randomBytes(8).hexadecimal, in: store.root) {}
    try workspace.makeLayer()
    try FileSystem.makeDirectory(Bytes("work"), at: workspace.folder.number, mode: 0o700)
    let inotify = try check("inotify_init") { inotify_init1(Int32(IN_CLOEXEC)) }
    let pipe = try Pipe.make()
    var reaper = Program(
      path: Bytes("/proc/self/exe"), arguments: [store.path, workspace.name], environment: [])
    reaper.name = reaperName
    // The lock of the workspace is the open file's, so it stays while the reaper has that file open.
    reaper.descriptors = [inotify, pipe.reader.number, workspace.lockNumber]
    let child = try reaper.start(output: .null, errors: .null)
    let status = try Program.wait(for: child)
    if !status.isSuccess { throw SystemError(call: "exec", path: reaper.path, code: ECHILD) }
    spec.changes = .workspace(name: workspace.name)
    spec.watcher = inotify
    spec.lifeline = pipe.takeWriter().kept()
  }
}

extension ContainerSpec.Changes {
  /// Changes that are kept in a folder, which is made if it is missing: `data` has the files, `work` is the kernel's.
  public static func kept(in folder: Bytes) throws(SystemError) -> ContainerSpec.Changes {
    let (files, work) = (folder + Bytes("/data"), folder + Bytes("/work"))
    for path in [folder, files, work] { try FileSystem.makeDirectoryIfMissing(path, mode: 0o755) }
    return .folders(files: files, work: work)
  }
}

extension ContainerSpec {
  /// Whether memory can hold changes: the kernel's tmpfs has user xattrs, which overlays need, since Linux 6.6.
  public static var memoryHoldsChanges: Bool {
    KernelVersion.current >= KernelVersion(major: 6, minor: 6)
  }
}
