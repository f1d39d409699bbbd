internal import CPlashShims
internal import Glibc

/// Which users and groups there are in containers.
public enum IDMapping: Equatable, Sendable {
  /// Those of this process, which may mount as it is: root, of the host or of a container. Maybe one alone.
  case inherited(isSingle: Bool)
  /// Root is this user, the rest are the subordinate ids: newuidmap and newgidmap with these arguments map them.
  case subordinate(helpers: [[Bytes]])
  /// Root is this user, and there is nobody else, for this reason.
  case single(NamespaceError)

  /// What this host has for `user`. Must be asked before a user namespace is made.
  public static func available(to user: User) -> IDMapping {
    if user.uid == 0, plash_may_set_up() { return .inherited(isSingle: hasSingleID) }
    if plash_no_new_privileges() { return .single(.noNewPrivileges) }
    let process = Bytes(String(getpid()).utf8)
    do throws(NamespaceError) {
      // The files first: who has no ids there needs no helper.
      // The host's own user namespace, which has a number of its own (PROC_USER_INIT_INO in the kernel), has all ids.
      let link = try? FileSystem.readLink(Bytes("/proc/self/ns/user"), at: AT_FDCWD)
      let hasAllIDs = link == Bytes("user:[4026531837]")
      let users = try map(user, groups: false, hasAllIDs).arguments
      let groups = try map(user, groups: true, hasAllIDs).arguments
      return .subordinate(helpers: [
        [try find("newuidmap"), process] + users, [try find("newgidmap"), process] + groups,
      ])
    } catch {
      return .single(error)
    }
  }

  /// There is nobody but root: what takes more ids than one is emulated.
  public var isSingle: Bool {
    switch self {
    case .inherited(let isSingle): isSingle
    case .subordinate: false
    case .single: true
    }
  }

  private static var hasSingleID: Bool {
    let map = (try? FileSystem.content(of: Bytes("/proc/self/uid_map"))) ?? []
    let numbers = map.split { $0 == 0x20 || $0 == 0x0A }
    return numbers.count == 3 && numbers[2].elementsEqual("1".utf8)
  }

  private static func find(_ helper: StaticString) throws(NamespaceError) -> Bytes {
    let folders = Bytes("/usr/bin:/bin:/usr/local/bin:/usr/sbin:/run/wrappers/bin")
    guard let path = Program.find(Bytes(helper), in: folders) else { throw .helperMissing(Bytes(helper)) }
    return path
  }

  private static func map(_ user: User, groups: Bool, _ hasAllIDs: Bool) throws(NamespaceError) -> IDMap {
    let file = groups ? Bytes("/etc/subgid") : Bytes("/etc/subuid")
    var ranges: [IDRange]
    do throws(SystemError) {
      ranges = try user.subordinateIDs(in: file)
    } catch {
      throw .system(error)
    }
    if ranges.isEmpty { ranges = user.subordinateIDsOfService(groups: groups) }
    if ranges.isEmpty { throw .noSubordinateIDs(user, file: file) }
    if !hasAllIDs {
      let known = idsHere(groups: groups)
      ranges.removeAll { range in !known.contains { $0.contains(range) } }
      if ranges.isEmpty { throw .subordinateIDsNotHere(file: file) }
    }
    return IDMap(root: groups ? user.gid : user.uid, granted: ranges)
  }

  /// The ids that there are in this user namespace: inside a container not all that files name.
  private static func idsHere(groups: Bool) -> [IDRange] {
    let map = (try? FileSystem.content(of: Bytes(groups ? "/proc/self/gid_map" : "/proc/self/uid_map"))) ?? []
    return map.split(separator: 0x0A).compactMap { line in
      let numbers = line.split(separator: 0x20).compactMap { UInt32(String(decoding: $0, as: UTF8.self)) }
      return numbers.count == 3 ? IDRange(start: numbers[0], count: numbers[2]) : nil
    }
  }
}
