public import PlashRuntime

/// What AppArmor has to be told on hosts where it forbids user namespaces to programs that it does not know.
public enum AppArmorProfile {
  /// A profile for the programs in the folder of the running one, with how to load it.
  public static var text: Bytes {
    let folder = Process.folder.printable
    return Bytes(
      """
      # Save this as /etc/apparmor.d/plash, then run: sudo apparmor_parser -r /etc/apparmor.d/plash
      abi <abi/4.0>,

      profile plash \(folder)/plash{,-exec} flags=(unconfined) {
        userns,
      }

      """.utf8)
  }
}
