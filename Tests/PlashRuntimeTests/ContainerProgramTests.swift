import Testing

@testable import PlashRuntime

/// What setting up a container consists of, as a value.
struct ContainerProgramTests {
  private func spec(_ store: ImageStore, _ changes: ContainerSpec.Changes) -> ContainerSpec {
    let image = Image(lineage: [1, 2, 30].map { ImageID(number: $0) })
    return ContainerSpec(
      store: store, image: image, changes: changes, mounts: [HostMount(Bytes("/home"))], ids: .subordinate(helpers: []))
  }

  private func withStore(_ body: (ImageStore) throws -> Void) throws {
    let path = Bytes("/var/tmp/plash-unit-") + randomBytes(8).hexadecimal
    let store = try ImageStore(path: path)
    try body(store)
    try store.purge()
  }

  @Test func layersAreNamedTopmostFirst() throws {
    try withStore { store in
      let steps = spec(store, .memory).program(.layerByLayer).steps
      let layers: [Bytes] = steps.compactMap { step in
        guard case .setString(let key, _, let value) = step, key == Bytes("lowerdir+") else { return nil }
        return value
      }
      #expect(layers == ["data/30/root", "data/2/root", "data/1/root"].map { Bytes($0.utf8) })
    }
  }

  @Test func nothingThatNeedsIDsComesBeforeThem() throws {
    try withStore { store in
      let program = spec(store, .memory).program(.layerByLayer)
      let early = program.steps[..<program.countWithoutIDs]
      #expect(!early.isEmpty)
      for step in early {
        switch step {
        case .makeDirectory, .setProcPath, .mountPoint, .mountOverlay, .enterRoot:
          Issue.record("\(step) is too early")
        default: break
        }
      }
    }
  }

  @Test func onlyWhatIsThrownAwayIsVolatile() throws {
    try withStore { store in
      let volatile = { (changes: ContainerSpec.Changes) in
        self.spec(store, changes).program(.layerByLayer).steps.contains { step in
          guard case .setFlag(let flag, _) = step else { return false }
          return flag == Bytes("volatile")
        }
      }
      #expect(volatile(.workspace(name: Bytes("x"))))
      #expect(!volatile(.folders(files: Bytes("/f"), work: Bytes("/w"))))
    }
  }

  @Test func oldKernelsGetOnePageOfOptions() throws {
    try withStore { store in
      let options: [Bytes] = spec(store, .memory).program(.options).steps.compactMap { step in
        guard case .mountOverlay(let options, _, _, _) = step else { return nil }
        return options
      }
      #expect(options.count == 1)
      #expect(options.first?.starts(with: Bytes("userxattr,lowerdir=%")) == true)
    }
  }
}
