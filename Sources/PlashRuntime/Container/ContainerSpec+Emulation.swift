extension ContainerSpec {
  /// For programs of the image, where there is nobody but root.
  var emulatesRoot: Bool { ids.isSingle && mountPoint == nil }

  private static let configuration = ["etc", "apt", "apt.conf.d"].map { Bytes($0.utf8) }

  /// apt gives up its rights for downloads and looks whether they are gone, which no filter of system calls can pretend:
  /// it has to be told not to. So an image that has apt gets a layer of memory below all of its own, with one file.
  /// Nothing of the image changes and nothing of this gets into its layers.
  func emulationDefaults(_ program: inout SetupProgram) -> Slot? {
    guard emulatesRoot, hasApt else { return nil }
    let layer = program.mountFileSystem(Bytes("tmpfs"), [(Bytes("mode"), Bytes("0755"))])
    var path = Bytes()
    for name in Self.configuration {
      path += path.isEmpty ? name : [0x2F] + name
      program.append(.makeDirectory(path, at: layer))
    }
    let text = Bytes("// There is no user but root here (plash: no subordinate ids).\nAPT::Sandbox::User \"root\";\n")
    program.append(.makeFile(path + Bytes("/zz-plash-single-id"), at: layer, text: text))
    return layer
  }

  /// Only whether it is there is asked: a link of the image could lead anywhere.
  private var hasApt: Bool {
    let path = Bytes(Self.configuration.joined(separator: [0x2F]))
    return image.lineage.contains { id in
      FileSystem.exists(store + [0x2F] + Self.files(of: id) + [0x2F] + path)
    }
  }
}
