internal import Glibc
internal import PlashRuntime

/// What to do on hosts that give no user namespace.
enum NamespaceWords {
  static func words(_ error: NamespaceError) -> String {
    switch error {
    case .switchedOff(let limit):
      "user namespaces are switched off (user.\(text(limit)) is 0); run: sudo sysctl -w user.\(text(limit))=15000"
    case .tooMany: "too many nested user namespaces (limit 32)"
    case .forbiddenBySysctl:
      "unprivileged user namespaces are switched off; run: sudo sysctl -w kernel.unprivileged_userns_clone=1"
    case .forbiddenByAppArmor:
      "AppArmor forbids user namespaces for plash (Ubuntu 24.04 default); allow it with the profile printed by "
        + "'plash help apparmor', or run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    case .forbiddenByContainer:
      "this container does not allow user namespaces; start it with --privileged or --security-opt seccomp=unconfined"
    case .insideChroot: "user namespaces do not work inside a chroot"
    case .rootIsNoMount:
      "the root directory is no mount; if this is a chroot, run plash outside, or mount --bind the directory on itself first"
    case .hasThreads: "internal error: the process has threads (unshare: EINVAL); please report this"
    case .noSubordinateIDs(let user, _):
      "no subordinate ids for user \(user.label.printable); run: sudo usermod "
        + "--add-subuids 100000-165535 --add-subgids 100000-165535 \(user.label.printable)"
    case .subordinateIDsNotHere(let file):
      "the subordinate ids that \(text(file)) names are not in this user namespace (is this a container?)"
    case .noNewPrivileges: "newuidmap gets no rights here (no_new_privs: systemd's NoNewPrivileges, bwrap and the like)"
    case .mayNotMapRoot:
      "root lacks CAP_SETFCAP here, without which Linux maps no root; start the container with --cap-add=SETFCAP, or run "
        + "plash as another user"
    case .noIDs: "this user namespace has no ids; make it with some (unshare --map-root-user)"
    case .helperMissing(let name):
      "\(text(name)) not found; install the package uidmap (Debian, Ubuntu) or shadow-utils (Fedora)"
    case .helperWithoutRights(let path): "\(text(path)) has lost its setuid bit; reinstall the package"
    case .helperHangs(let path, let seconds):
      "\(text(path)) has not come to an end in \(seconds) seconds; it asks for users and groups where /etc/nsswitch.conf "
        + "says, a directory service perhaps"
    case .helperRefused(let path, let message):
      "\(text(path)) refused to map ids: \(message.printable)"
        + (message.range(of: Bytes("different user")) == nil
          ? "" : "; it wants your login group (leave what newgrp or sg began) and a /proc of this pid namespace")
    case .system(let error): "cannot make a user namespace: \(ReportWords.words(error))"
    }
  }

  /// Why files are out of reach with these ids, to be put behind what says so: nothing if there is more than one.
  static func need(_ ids: IDMapping) -> String {
    switch ids {
    case .single(let reason): "; images that were made with subordinate ids need them: \(words(reason))"
    case .inherited(isSingle: true): "; images that were made with more than one id need them, and there is one here"
    case .inherited(isSingle: false), .subordinate: ""
    }
  }

  private static func text(_ bytes: Bytes) -> String { bytes.printable }
}
