public import PlashRuntime

extension Session {
  /// Turns this process into a program on `image`; without `command` into root's shell there. Returns only by an error.
  public func run(
    _ image: Image, _ command: [Bytes], _ options: RunOptions = RunOptions()
  ) throws(DriverError) -> Never {
    try startNamespace()
    let mounts = (options.seesHost ? HostMount.home(settings.home, besides: options.mounts) : []) + options.mounts
    var spec = ContainerSpec(store: try store(), image: image, changes: .memory, mounts: mounts, ids: ids)
    spec.workingDirectory = FileSystem.currentDirectory()
    spec.mapsWorkingDirectory = true
    let hold = try hold(image)
    let login = try loginEnvironment(of: image)
    var entry = try entry(&spec, options, holding: hold)
    try driving { () throws(ContainerError) in
      try entry.enter(
        arguments: command.isEmpty ? [Self.shell(login)] : command, environment: environment(login))
    }
  }

  /// Turns this process into a program of the host whose current directory is the root file system of `image`.
  public func runOutside(_ image: Image, _ command: [Bytes]) throws(DriverError) -> Never {
    try goInside(image)
    try Process.become(command.isEmpty ? [settings.shell] : command)
  }

  /// Makes the root file system of `image` this process's current directory.
  func goInside(_ image: Image) throws(DriverError) {
    try startNamespace()
    let store = try store()
    let place = store.absolute(Bytes("tmp"))
    var spec = ContainerSpec(store: store, image: image, changes: .memory, mounts: [], ids: ids)
    spec.mountPoint = place
    var entry = try entry(&spec, RunOptions(mounts: []), holding: try hold(image))
    try driving { () throws(ContainerError) in try entry.mount() }
    try Process.changeDirectory(place)
  }

  /// Mounts `image` for the caller, who must be able to mount: root, here or in a namespace.
  public func mount(_ image: Image, on place: Bytes, keeping changes: Bytes?) throws(DriverError) {
    if settings.user.uid != 0 { throw .mountNeedsNamespace }
    var spec = ContainerSpec(store: try store(), image: image, changes: .memory, mounts: [], ids: ids)
    spec.mountPoint = try driving { () throws(SystemError) in try FileSystem.absolute(place) }
    spec.caller = try callersMounts()
    var options = RunOptions(mounts: [])
    options.changes = changes
    var entry = try entry(&spec, options, holding: try hold(image))
    try driving { () throws(ContainerError) in try entry.mount() }
  }

  /// Sets up what can be set up before the ids are mapped, and waits for them.
  func entry(
    _ spec: inout ContainerSpec, _ options: RunOptions, holding hold: consuming ImageHold
  ) throws(DriverError) -> ContainerEntry {
    try keepChanges(of: &spec, options)
    let entry: ContainerEntry
    do throws(ContainerError) {
      entry = try ContainerEntry(spec, holding: hold)
    } catch {
      throw .container(error)
    }
    try enterNamespace()
    return entry
  }

  func hold(_ image: Image) throws(DriverError) -> ImageHold {
    if image == .empty { throw .emptyImage }
    stopForTests(at: "before-hold")
    let store = try store()
    return try driving { () throws(StoreError) in try store.requiredHold(image) }
  }

  func loginEnvironment(of image: Image) throws(DriverError) -> [Bytes] {
    let store = try store()
    if let known = LoginEnvironment.known(of: image, in: store) { return known }
    try enterNamespace()
    return try driving { () throws(ContainerError) in
      try LoginEnvironment.find(of: image, in: store, ids: ids)
    }
  }

  /// The login environment and what of the host's is passed on; variables that are not set or empty are not.
  func environment(_ login: [Bytes]) -> [Bytes] {
    let names = ["TERM", "DISPLAY"].map { Bytes($0.utf8) } + settings.exported + passedVariables
    var entries = Environment.setting(Bytes("HOME"), to: settings.home ?? Bytes("/"), in: login)
    for name in names where Environment.isName(name) {
      guard let value = Environment.value(name), !value.isEmpty else { continue }
      entries = Environment.setting(name, to: value, in: entries)
    }
    return entries
  }

  static func shell(_ login: [Bytes]) -> Bytes {
    let name = Bytes("SHELL=")
    return login.first { $0.starts(with: name) }.map { Bytes($0.dropFirst(name.count)) } ?? Bytes("/bin/sh")
  }

  /// Where the changes of a run go, if not into memory.
  private func keepChanges(of spec: inout ContainerSpec, _ options: RunOptions) throws(DriverError) {
    if let folder = options.changes {
      let store = try store()
      spec.changes = try driving { () throws(StoreError) in try store.changes(keptIn: folder) }
    } else if try settings.changesOnDisk() || !ContainerSpec.memoryHoldsChanges {
      let store = try store()
      try enterNamespace()
      try driving { () throws(StoreError) in try DiskChanges.prepare(&spec, in: store) }
    }
  }
}
