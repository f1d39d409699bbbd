internal import Glibc

/// Why this host gives no user namespace, or not to this user.
public enum NamespaceError: Error, Equatable, Sendable {
  /// The sysctl with this name, without `user.`, is 0.
  case switchedOff(limit: Bytes)
  /// Too many namespaces inside each other, or in all.
  case tooMany
  /// kernel.unprivileged_userns_clone is 0 (Debian's patch).
  case forbiddenBySysctl
  /// kernel.apparmor_restrict_unprivileged_userns is 1 (Ubuntu).
  case forbiddenByAppArmor
  /// A container's seccomp filter or missing capability.
  case forbiddenByContainer
  /// The process is in a chroot.
  case insideChroot
  /// The root directory is no mount, as in most chroots: what is mounted on it would be seen outside.
  case rootIsNoMount
  /// This process has more than one thread: a defect of plash.
  case hasThreads
  /// The user has no line in this file.
  case noSubordinateIDs(User, file: Bytes)
  /// The ids that this file grants are none of those that there are in this user namespace: a container.
  case subordinateIDsNotHere(file: Bytes)
  /// newuidmap and newgidmap get no rights (no_new_privs): systemd's NoNewPrivileges, bwrap.
  case noNewPrivileges
  /// This root may not map root: it lacks CAP_SETFCAP.
  case mayNotMapRoot
  /// There are no ids at all in this user namespace.
  case noIDs
  /// newuidmap or newgidmap is not there.
  case helperMissing(Bytes)
  /// It is there, but without the right to do its work.
  case helperWithoutRights(path: Bytes)
  /// It does not come to an end.
  case helperHangs(path: Bytes, seconds: Int)
  /// It refused; these are its words.
  case helperRefused(path: Bytes, message: Bytes)
  /// Something else failed.
  case system(SystemError)

  /// What the failure of `call` means on this host.
  static func diagnose(_ call: Bytes, _ code: Int32) -> NamespaceError {
    switch code {
    case EPERM where call == Bytes("/proc/self/uid_map"): .mayNotMapRoot
    case ENOSPC, EUSERS: exhausted
    case EPERM, EACCES: forbidden(code) ?? .system(SystemError(call: String(decoding: call, as: UTF8.self), code: code))
    case EINVAL where call == Bytes("unshare"): .hasThreads
    case EINVAL where call == Bytes("mount"): .rootIsNoMount
    default: .system(SystemError(call: String(decoding: call, as: UTF8.self), code: code))
    }
  }

  private static var exhausted: NamespaceError {
    for limit in ["max_user_namespaces", "max_mnt_namespaces"].map({ Bytes($0.utf8) })
    where number(in: Bytes("/proc/sys/user/") + limit) == 0 {
      return .switchedOff(limit: limit)
    }
    return .tooMany
  }

  private static func forbidden(_ code: Int32) -> NamespaceError? {
    if number(in: Bytes("/proc/sys/kernel/unprivileged_userns_clone")) == 0 { return .forbiddenBySysctl }
    if isRestrictedByAppArmor { return .forbiddenByAppArmor }
    let status = (try? FileSystem.content(of: Bytes("/proc/self/status"))) ?? []
    if status.split(separator: 0x0A).contains(where: { $0.elementsEqual("Seccomp:\t2".utf8) }) {
      return .forbiddenByContainer
    }
    return code == EPERM ? hasIDs ? .insideChroot : .noIDs : nil
  }

  static var isRestrictedByAppArmor: Bool {
    number(in: Bytes("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")) == 1
  }

  /// Whether this process has ids in its namespace. Linux refuses a user namespace with EPERM only to those who have
  /// none and inside a chroot (create_user_ns() in kernel/user_namespace.c).
  private static var hasIDs: Bool {
    !((try? FileSystem.content(of: Bytes("/proc/self/uid_map"))) ?? []).isEmpty
  }

  private static func number(in file: Bytes) -> Int? {
    guard let content = try? FileSystem.content(of: file) else { return nil }
    return Int(String(decoding: content.prefix { $0 != 0x0A }, as: UTF8.self))
  }
}
