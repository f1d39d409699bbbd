/// Makes a layer of what a command changes, which may talk to its user all the while.
public struct Creator {
  private let store: ImageStore
  private let container: LayerContainer

  /// A creator for `store`, in a process that may mount and has `ids`.
  public init(store: ImageStore, workingDirectory: Bytes?, ids: IDMapping) {
    self.store = store
    container = LayerContainer(
      store: store, ids: ids, mounts: HostMount.forRuns.filter { $0.source != Bytes("/proc") },
      workingDirectory: workingDirectory, mapsWorkingDirectory: true)
  }

  /// Runs the command on `parent` with what runs see of the host. Throws `scriptFailed` for a command that fails.
  public func create(on parent: Image, _ command: ContainerCommand) throws(BuildError) -> Image {
    let hold = try hold(parent)
    defer { withExtendedLifetime(hold) {} }
    let workspace = try makeWorkspace()
    do throws(BuildError) {
      let result = try container.run(command, on: parent, in: workspace)
      if !result.status.isSuccess {
        throw .scriptFailed(layer: 0, line: 0, status: result.status, full: store.fullness())
      }
    } catch {
      try? workspace.remove()
      throw error
    }
    do throws(StoreError) {
      return try store.commit(workspace, on: parent, LayerRecord(key: .unique(), origin: Bytes("create"))).image
    } catch {
      throw .store(error)
    }
  }

  private func hold(_ image: Image) throws(BuildError) -> ImageHold {
    do throws(StoreError) {
      return try store.requiredHold(image)
    } catch {
      throw .store(error)
    }
  }

  private func makeWorkspace() throws(BuildError) -> Workspace {
    do throws(StoreError) {
      try store.removeAbandonedWorkspaces()
      return try store.makeWorkspace()
    } catch {
      throw .store(error)
    }
  }
}
