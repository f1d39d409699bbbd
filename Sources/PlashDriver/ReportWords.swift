internal import Glibc
internal import PlashLang
internal import PlashRuntime

/// The words of every error: what is wrong, with what, and what to do. Each is one line.
enum ReportWords {
  static func words(_ error: DriverError) -> String {
    switch error {
    case .usage(let line): "usage: \(line)"
    case .noCommand: "no command given (try `plash help`)"
    case .unknownCommand(let name, nil): "no such command: \(name.printable) (try `plash help`)"
    case .unknownCommand(let name, let nearest?):
      "no such command: \(name.printable); did you mean `\(nearest.printable)`?"
    case .unknownMacro(let name): "no such macro: \(name.printable) (try `plash help-macros`)"
    case .unknownLibrary(let name): "no such macro library: \(name.printable)"
    case .notFormatted(let files): "not in the canonical layout: \(files.map(\.printable).joined(separator: ", "))"
    case .lintFindings(let count): count == 1 ? "1 finding" : "\(count) findings"
    case .examplesFailed(let count): count == 1 ? "1 example failed" : "\(count) examples failed"
    case .compile(let error): Diagnostic(error).rendered().printable
    case .build(let error, _): words(error)
    case .noBase: "no image to start from: name one with `--from`"
    case .noEntrypoint(let file):
      "\(file.printable) has nothing to run: give it an `--entrypoint` or an `--entrypoint-script`"
    case .store(let error): words(error)
    case .namespace(let error): NamespaceWords.words(error)
    case .container(let error): words(error)
    case .system(let error): words(error)
    case .outOfReach(let error, let ids): words(error) + NamespaceWords.need(ids)
    case .noDataDirectory: "neither PLASH_DATA nor HOME is set, and you have no line in /etc/passwd; set PLASH_DATA"
    case .incompleteInstallation(let missing):
      "the helper that imports images is missing; it was looked for at "
        + missing.map { $0.printable }.joined(separator: " and ")
    case .importFailed(let message, let status):
      message.isEmpty ? "the import \(end(of: status))" : message.printable
    case .dockerFromInside(let name):
      "the image \(name.printable) is not here yet; import it first: plash build --from-docker \(name.printable)"
    case .importForbidden: "the image is not here yet"
    case .unknownMapKey(let key): "no image has the map key \(key.printable)"
    case .lock(let error): LockWords.words(error)
    case .commandFailed(let status): "the command failed with exit status \(status.shellStatus)"
    case .copyFailed(let path, let status): "the image was not copied to \(path.printable): cp \(end(of: status))"
    case .cannotExecute(let program, ELIBACC): "\(program.printable): \(interpreter) is missing"
    case .cannotExecute(let program, let code): "\(program.printable): \(String(cString: strerror(code)))"
    case .hostTestFailed(let words):
      "plash does not work here: plash \(words.map(\.printable).joined(separator: " ")) failed"
    case .noProc: "there is no /proc here, and nothing works without it; run: mount -t proc proc /proc"
    case .mountNeedsNamespace: "mounting takes a namespace of your own: run it inside `plash sudo`"
    case .emptyImage: "image 0 is empty: there is nothing to run in it"
    case .invalidSetting(let name, let value, let expected), .invalidOption(let name, let value, let expected):
      "\(name) is `\(value.printable)`; expected \(expected)"
    }
  }

  /// SIGKILL comes from people and, far more often, from the kernel when memory runs out.
  private static func end(of status: ExitStatus) -> String {
    switch status {
    case .exited(let status): "ended with exit status \(status)"
    case .signaled(SIGKILL): "was killed by signal \(SIGKILL); was there too little memory?"
    case .signaled(let signal): "was killed by signal \(signal)"
    }
  }

  static func words(_ error: SystemError) -> String {
    let place = error.path.isEmpty ? "" : " \(error.path.printable)"
    return switch error.code {
    case ENOSPC: "no space left on\(place.isEmpty ? " the disk" : place) (\(error.call))"
    case EXDEV where error.call == "link":
      "hard links need a place on the file system of the data directory (link\(place))"
    case ENOSYS: missingCall(error.call)
    default: "\(error.call)\(place): \(error.reason)"
    }
  }

  private static func missingCall(_ call: String) -> String {
    "the system call \(call) is not there, though Linux 5.12 has it: a filter of the container around plash, or a "
      + "kernel that is not Linux"
  }

  private static func words(_ error: StoreError) -> String {
    switch error {
    case .system(let error): words(error)
    case .full(let path, let shortage): shortage.words(path)
    case .notAStore(let path):
      "\(path.printable) has other files in it; set PLASH_DATA to a folder of its own"
    case .accessibleToOthers(let path, let mode):
      "\(path.printable) is accessible to other users (mode \(String(mode, radix: 8))); run: chmod 700 \(path.printable)"
    case .foreignOwner(let path, let owner): "\(path.printable) belongs to uid \(owner), not to you"
    case .invalidID(let text, nil): "`\(text.printable)` is not the number of an image (try `plash ls`)"
    case .invalidID(let text, let id?): "`\(text.printable)` is not the number but the name of image \(id.number)"
    case .unknownImage(let id): "there is no image \(id.number)"
    case .invalidName(let name):
      "`\(name.printable)` cannot name an image: 1 to 200 bytes, no slash, no control character, not `.` or `..`"
    case .inUse(let id, .process(let process)): "image \(id.number) is in use by process \(process.printable)"
    case .inUse(let id, .unseenNamespace(let mark)):
      "image \(id.number) was run in another pid namespace, whose containers cannot be seen from here: delete it there or "
        + "on the host; if nothing of it runs any more, remove \(mark.printable)"
    case .inUse(let id, .mountPoint(let path)):
      "image \(id.number) is mounted on \(path.printable); run: umount \(path.printable)"
    case .inUse(let id, .mount(let path)):
      "something is mounted on the data of image \(id.number); run: umount \(path.printable)"
    case .inUse(let id, nil): "image \(id.number) is in use by another command of plash"
    case .underWay: "something is being built or run; try again when it is done"
    case .notADirectory(let path): "\(path.printable) is not a directory"
    case .overlapsStore(let path): "\(path.printable) is in the data directory or holds it: choose another directory"
    case .copyFailed(let path, let status): "\(path.printable) was not copied into the store: cp \(end(of: status))"
    case .damaged(let id): "image \(id.number) is damaged, see: plash fsck"
    }
  }

  private static func words(_ error: BuildError) -> String {
    switch error {
    case .store(let error): words(error)
    case .namespace(let error): NamespaceWords.words(error)
    case .container(let error): words(error)
    case .scriptFailed(_, _, let status, _): "build failed with exit status \(status.shellStatus)"
    }
  }

  private static func words(_ error: ContainerError) -> String {
    switch error {
    case .setup(let error, let kernelMessage): setupWords(error, kernelMessage)
    case .unsuitableStore(let path, let fileSystem):
      "\(path.printable) is on \(fileSystem), which cannot hold layers; set PLASH_DATA to a directory on ext4, xfs, "
        + "btrfs or tmpfs"
    case .unsuitableFolder(let path, let fileSystem):
      "\(path.printable) is on \(fileSystem), which cannot hold the changes of a run; choose a directory on ext4, xfs, btrfs or tmpfs"
    case .damaged(let id): words(StoreError.damaged(id))
    case .namespace(let error): NamespaceWords.words(error)
    case .callMissing(let call): missingCall(call)
    case .kernelTooOld(let release): "Linux 5.12 or newer is needed (this is \(release.printable))"
    case .system(let error): words(error)
    case .cannotExecute(let program, ENOENT): "\(program.printable): not found in the image"
    case .cannotExecute(let program, ELIBACC): "\(program.printable): \(interpreter) is not in the image"
    case .cannotExecute(let program, let code): "\(program.printable): \(String(cString: strerror(code)))"
    case .supervisorKilled(let signal): "the container was killed by signal \(signal)"
    case .endedEarly: "the container ended before its program began; try again"
    case .interrupted(let signal): "interrupted by signal \(signal)"
    }
  }

  private static let interpreter = "its interpreter (after `#!`; of a binary, the dynamic linker)"

  private static func setupWords(_ error: SystemError, _ kernelMessage: Bytes) -> String {
    let detail = kernelMessage.isEmpty ? "" : " (\(kernelMessage.printable))"
    return switch (error.call, error.code) {
    case ("mount point", ENOTDIR), ("chdir", ENOTDIR):
      "the image has a file at \(error.path.printable), where a directory is needed"
    case ("mount point", EISDIR): "the image has a directory at \(error.path.printable), where a file is needed"
    case ("mount point", ELOOP), ("chdir", ELOOP):
      "the image's \(error.path.printable) is a symbolic link that leads in a circle"
    case ("mount point", EXDEV), ("chdir", EXDEV):
      "\(error.path.printable) is, or leads to, a place in what is mounted from the host, where nothing is made: it has to be there"
    case ("fsmount", EBUSY): "another container keeps its changes in the same folder"
    case ("fsmount", ESTALE): "the folder has the changes of another image"
    case (_, ENOSPC): "no memory left for the changes of the container; PLASH_CHANGES=disk puts them on disk"
    default: "cannot set up the container: \(words(error))\(detail)"
    }
  }

}
