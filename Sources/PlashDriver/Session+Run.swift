public import PlashRuntime

extension Session {
  /// Turns this process into a program on `image`; without `command` into root's shell there. Returns only by an error.
  public func run(_ image: Image, _ command: [Bytes]) throws(DriverError) -> Never {
    if image == .empty { throw .emptyImage }
    let store = try store()
    try startNamespace()
    var spec = ContainerSpec(store: store.path, image: image, changes: .memory, mounts: HostMount.forRuns, ids: ids)
    spec.workingDirectory = FileSystem.currentDirectory()
    spec.mapsWorkingDirectory = true
    let login = try loginEnvironment(of: image)
    try keepChanges(of: &spec)
    // Done while newuidmap and newgidmap are at work.
    var entry = try driving { () throws(ContainerError) in try ContainerEntry(spec) }
    try enterNamespace()
    try driving { () throws(ContainerError) in
      try entry.enter(
        arguments: command.isEmpty ? [Self.shell(login)] : command, environment: environment(login))
    }
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
  private func keepChanges(of spec: inout ContainerSpec) throws(DriverError) {
    if try settings.changesOnDisk() || !ContainerSpec.memoryHoldsChanges {
      let store = try store()
      try enterNamespace()
      try driving { () throws(SystemError) in try DiskChanges.prepare(&spec, in: store) }
    }
  }
}
