import Foundation

/// As whom an import runs.
enum Identity: String, CaseIterable, Sendable {
  /// As the caller: root on the host, as CI is.
  case root
  /// As root of a user namespace with subordinate ids.
  case user
  /// As root of a user namespace with one id.
  case single

  /// Those that the caller can take on.
  static var possible: [Identity] { getuid() == 0 ? allCases : [.user, .single] }

  /// Shell text that runs `command` as this identity in a directory that is open to all. Subordinate ids are lent to
  /// `nobody`, in a mount namespace of its own, so that the machine's settings do not matter and stay as they are.
  func wrapping(_ command: String) -> String {
    let become = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    let lend = "echo nobody:200000:65536 > ids; mount --bind ids /etc/subuid; mount --bind ids /etc/subgid"
    return switch self {
    case .root: command
    case .user where getuid() != 0: "unshare --map-auto -Ur sh -euc '\(command)'"
    case .user:
      "exec unshare -m sh -euc '\(lend); exec \(become) unshare --map-auto -Ur sh -euc \"\(command)\"'"
    case .single where getuid() != 0: "unshare -r sh -euc '\(command)'"
    case .single: "exec \(become) unshare -r sh -euc '\(command)'"
    }
  }
}
