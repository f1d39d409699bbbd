extension ContainerSpec {
  private static let scratch = Bytes("tmp")

  /// The steps that make this container of the calling process, up to the exec.
  func program(_ interface: OverlayInterface) -> SetupProgram {
    var program = SetupProgram()
    // Before anything is mounted over the store's folder for scratch: inside, the host's folders are as they were.
    let trees = mounts.map { cloneTree($0, &program) }
    let directory = cloneWorkingDirectory(&program)
    // Where the kernel refuses this, another try without it must find the folder for scratch unused.
    let proc = ownProc ? program.mountFileSystem(Bytes("proc"), []) : nil
    let store = program.append { .openDirectory(self.store, at: nil, into: $0) }
    let root = mountOverlay(at: store, interface, &program)
    // Over the old root rather than beside it: to the kernel a process whose root is the topmost mount of its namespace
    // is not in a chroot, so it may make user namespaces of its own (current_chrooted() in fs/namespace.c).
    if let caller { goTo(caller, &program) }
    let point = mountPoint.map { path in program.append { .openDirectory(path, at: nil, into: $0) } }
    program.append(.attach(root, to: point, path: point == nil ? Bytes("/") : []))
    if let watcher {
      let inotify = program.slot(holding: watcher)
      program.append(.watch(root, by: inotify))
    }
    for (mount, tree) in zip(mounts, trees) { attach(mount, tree, root, &program) }
    if let proc { attach(proc, as: Bytes("proc"), root, &program) }
    if mountPoint == nil { enter(root, directory, &program) }
    if emulatesRoot { program.append(.emulateRoot) }
    return program
  }

  /// Mounts the image, below what the container will change.
  private func mountOverlay(
    at store: Slot, _ interface: OverlayInterface, _ program: inout SetupProgram
  ) -> Slot {
    switch interface {
    case .layerByLayer:
      let context = configureOverlay(at: store, &program)
      let memory = mountMemory(at: store, &program)
      program.needsIDsFromHere()
      let (upper, work) = openChanges(of: store, memory, &program)
      program.append(.setProcPath(Bytes("upperdir"), of: context, to: upper))
      program.append(.setProcPath(Bytes("workdir"), of: context, to: work))
      return program.append { .mount(context, into: $0) }
    case .options:
      let defaults = emulationDefaults(&program)
      let layers =
        (defaults.map { [$0] } ?? [])
        + image.lineage.map { id in
          program.append { .openDirectory(Self.files(of: id), at: store, into: $0) }
        }
      let memory = mountMemory(at: store, &program)
      program.needsIDsFromHere()
      let (upper, work) = openChanges(of: store, memory, &program)
      let options = options(layers, upper, work)
      program.append(.mountOverlay(options: options, source: sourceName, at: store, path: Self.scratch))
      // A copy: nothing can be moved onto itself, or out of this mount namespace.
      let root = program.append { .cloneTree(Self.scratch, at: store, into: $0) }
      program.append(.detach(Self.scratch, at: store))
      return root
    }
  }

  /// A layer's files, from the data directory.
  static func files(of id: ImageID) -> Bytes { id.data + Bytes("/root") }

  /// Names the layers, topmost first, from inside the data directory: fsconfig takes 255 bytes of text, which the path
  /// of the store could exceed; and a name costs less than a descriptor.
  private func configureOverlay(at store: Slot, _ program: inout SetupProgram) -> Slot {
    let context = program.append { .openFileSystem(Bytes("overlay"), into: $0) }
    program.append(.setString(Bytes("source"), of: context, to: sourceName))
    program.append(.setFlag(Bytes("userxattr"), of: context))
    for (key, value) in changes.options {
      program.append(value.map { .setString(key, of: context, to: $0) } ?? .setFlag(key, of: context))
    }
    program.append(.changeDirectory(store))
    for id in image.lineage.reversed() {
      program.append(.setString(Bytes("lowerdir+"), of: context, to: Self.files(of: id)))
    }
    if let defaults = emulationDefaults(&program) {
      program.append(.setProcPath(Bytes("lowerdir+"), of: context, to: defaults))
    }
    return context
  }

  /// The file system for changes in memory. It is attached, as the kernel takes only what is in this mount namespace.
  private func mountMemory(at store: Slot, _ program: inout SetupProgram) -> Slot? {
    guard changes == .memory else { return nil }
    let memory = program.mountFileSystem(Bytes("tmpfs"), [(Bytes("mode"), Bytes("0755"))])
    program.append(.attach(memory, to: store, path: Self.scratch))
    return memory
  }

  private func openChanges(
    of store: Slot, _ memory: Slot?, _ program: inout SetupProgram
  ) -> (upper: Slot, work: Slot) {
    switch changes {
    case .memory: return program.openPair(Bytes("upper"), Bytes("work"), at: memory, making: true)
    case .workspace(let name):
      let path = Self.scratch + [0x2F] + name + [0x2F]
      return program.openPair(path + Workspace.layerRoot, path + Bytes("work"), at: store, making: false)
    case .folders(let files, let work):
      return program.openPair(files, work, at: nil, making: false)
    }
  }

  /// A name in the lists of mounts (`df`, `/proc/mounts`) that says what to do when it is full.
  private var sourceName: Bytes {
    changes == .memory ? mountName + Bytes(":changes-in-memory,PLASH_CHANGES=disk-puts-them-on-disk") : mountName
  }

  private func options(_ layers: [Slot], _ upper: Slot, _ work: Slot) -> Bytes {
    func name(_ slot: Slot) -> String { "%\(slot.index)" }
    let lower = layers.reversed().map(name).joined(separator: ":")
    let flags = changes.options.map { key, value in Bytes(",") + key + (value.map { [0x3D] + $0 } ?? []) }
    return Bytes("userxattr".utf8) + flags.joined()
      + Bytes(",lowerdir=\(lower),upperdir=\(name(upper)),workdir=\(name(work))".utf8)
  }

  private func goTo(_ caller: CallersMounts, _ program: inout SetupProgram) {
    program.append(.enterMounts(program.slot(holding: caller.namespace)))
    program.append(.enterRoot(program.slot(holding: caller.root)))
  }

  private func attach(_ mount: HostMount, _ tree: Slot, _ root: Slot, _ program: inout SetupProgram) {
    let point = program.append { .mountPoint(mount.target, in: root, isFile: mount.isFile, into: $0) }
    program.append(.attach(tree, to: point, path: []))
  }

  private func attach(_ tree: Slot, as directory: Bytes, _ root: Slot, _ program: inout SetupProgram) {
    let point = program.append { .mountPoint(directory, in: root, isFile: false, into: $0) }
    program.append(.attach(tree, to: point, path: []))
  }

  private func cloneTree(_ mount: HostMount, _ program: inout SetupProgram) -> Slot {
    let tree = program.append { .cloneTree(mount.source, at: nil, into: $0) }
    if mount.isReadOnly { program.append(.makeReadOnly(tree)) }
    return tree
  }

  /// The directory to start in as it is on the host, for images that do not have it; one that is closed to this user has
  /// nothing for anybody.
  private func cloneWorkingDirectory(_ program: inout SetupProgram) -> Slot? {
    guard let directory = workingDirectory, mapsWorkingDirectory, !mounts.contains(where: { $0.covers(directory) }),
      FileSystem.isExecutable(directory)
    else { return nil }
    return program.append { .cloneTree(directory, at: nil, into: $0) }
  }

  private func enter(_ root: Slot, _ tree: Slot?, _ program: inout SetupProgram) {
    guard let directory = workingDirectory else {
      program.append(.enterRoot(root))
      return
    }
    let opened = program.append { .workingDirectory(directory, in: root, tree: tree, into: $0) }
    program.append(.enterRoot(root))
    program.append(.changeDirectory(opened))
  }
}

extension SetupProgram {
  /// A new, detached mount of a file system of the kernel's own.
  mutating func mountFileSystem(_ type: Bytes, _ options: [(Bytes, Bytes)]) -> Slot {
    let context = append { .openFileSystem(type, into: $0) }
    for (key, value) in options { append(.setString(key, of: context, to: value)) }
    return append { .mount(context, into: $0) }
  }

  fileprivate mutating func openPair(
    _ upper: Bytes, _ work: Bytes, at directory: Slot?, making: Bool
  ) -> (upper: Slot, work: Slot) {
    if making, let directory {
      append(.makeDirectory(upper, at: directory))
      append(.makeDirectory(work, at: directory))
    }
    return (
      append { .openDirectory(upper, at: directory, into: $0) },
      append { .openDirectory(work, at: directory, into: $0) }
    )
  }
}
