internal import Glibc

/// The environment that a login shell of an image has. It depends on the image alone, so each image's is found out once
/// and kept beside its layer.
public enum LoginEnvironment {
  /// What a login shell starts with: enough to find programs, nothing of the host.
  public static let initial = [
    Bytes("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), Bytes("HOME=/root"),
  ]

  private static let name = Bytes("environment")
  private static let mark = Bytes("\0plash environment\0")
  private static let ofTheShell: Set<Bytes> = Set(["HOME", "PWD", "OLDPWD", "SHLVL", "_"].map { Bytes($0.utf8) })

  /// The `NAME=value` entries of `image`'s login shell, without those that belong to a user or to the shell itself; nil
  /// if it was not asked yet.
  public static func known(of image: Image, in store: ImageStore) -> [Bytes]? {
    let content = try? FileSystem.content(of: image.id.data + [0x2F] + name, at: store.root.number)
    // An empty one was left by a power failure, of a plash that did not flush it.
    return content.flatMap { $0.isEmpty ? nil : parse($0) }
  }

  /// Asks the login shell and keeps the answer. The process must be able to mount.
  public static func find(
    of image: Image, in store: ImageStore, ids: IDMapping
  ) throws(ContainerError) -> [Bytes] {
    var found = try ask(image, in: store, ids: ids)
    if !found.contains(where: { $0.starts(with: Bytes("PATH=")) }) { found.append(initial[0]) }
    // A store that cannot be written to is asked again next time; nobody is worse off.
    try? store.note(found.reduce(into: Bytes()) { $0 += $1 + [0] }, as: name, of: image.id)
    return found
  }

  /// SHELL is set as login(1) would, from the line of user 0.
  private static let question = Bytes(
    """
    SHELL=/bin/sh
    while IFS=: read -r _ _ uid _ _ _ shell || [ "$uid" ]; do
      if [ "$uid" = 0 ]; then
        if [ -x "$shell" ]; then SHELL=$shell; fi
        break
      fi
    done </etc/passwd
    export SHELL PATH
    printf '\\0plash environment\\0'
    exec cat /proc/self/environ
    """)

  private static func parse(_ content: Bytes) -> [Bytes] {
    content.split(separator: 0).map { Bytes($0) }
  }

  private static func ask(
    _ image: Image, in store: ImageStore, ids: IDMapping
  ) throws(ContainerError) -> [Bytes] {
    var spec = ContainerSpec(
      store: store, image: image, changes: .memory, mounts: [HostMount(Bytes("/dev"))], ids: ids)
    spec.ownProc = true
    var command = ContainerCommand(
      [Bytes("/bin/sh"), Bytes("-l"), Bytes("-c"), question], environment: initial)
    let answer = try opening { () throws(SystemError) in try Descriptor.memoryFile("environment") }
    let nothing = try opening { () throws(SystemError) in try Descriptor.open(Bytes("/dev/null"), O_RDWR) }
    command.streams = (nothing.number, answer.number, nothing.number)
    do {
      _ = try Container.run(spec, command)
    } catch .cannotExecute {
      // An image without a shell: its programs get what a login shell would have started with.
    }
    return variables(in: try opening { () throws(SystemError) in try answer.readAllFromStart() })
  }

  /// Profiles may print: only what follows the mark counts.
  private static func variables(in output: Bytes) -> [Bytes] {
    guard let start = output.indices.last(where: { output[$0...].starts(with: mark) }) else { return [] }
    return parse(Bytes(output[(start + mark.count)...])).filter { entry in
      let name = Bytes(entry.prefix { $0 != 0x3D })
      return name.count < entry.count && Environment.isName(name) && !ofTheShell.contains(name)
    }
  }

  private static func opening<Result: ~Copyable>(
    _ body: () throws(SystemError) -> Result
  ) throws(ContainerError) -> Result {
    do {
      return try body()
    } catch {
      throw .system(error)
    }
  }
}
