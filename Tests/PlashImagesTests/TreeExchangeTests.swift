import Foundation
import Testing

/// What other programs write we read, what we write others read, and nothing is lost on the way.
@Suite(.enabled(if: getuid() == 0, "owners and devices need root")) struct TreeExchangeTests {
  /// All kinds of files; times in whole seconds, which every dialect can say.
  static let makeTree = """
    mkdir -p tree/dir/sub tree/empty; cd tree
    echo hello > dir/file; printf '' > dir/nothing; head -c 300000 /dev/urandom > dir/random
    ln dir/file dir/sub/same; ln -s ../dir/file dir/sub/link; ln -s /nowhere broken; mkfifo -m 640 fifo
    chown 12:34 dir/file; chown -h 5:6 broken; chmod 6755 dir/random; chmod 3777 empty; chmod 1 dir/nothing
    find . -exec touch -h -d @1600000000 {} +
    """
  static let makeOddities = """
    mkdir -p tree; cd tree; long=$(printf 'n%.0s' $(seq 200)); mkdir -p $long/$long
    echo x > $long/$long/$long; ln -s $long$long$long far; ln $long/$long/$long near
    printf 'a' > "$(printf 'caf\\351')"; ln -s "$(printf 'caf\\351')" "$(printf '\\377')"; echo > "$(printf 'new\\nline')"
    truncate -s 3000000 holes; printf data | dd of=holes bs=1 seek=1500000 conv=notrunc status=none
    truncate -s 100000 hole; cp /bin/true capable; python3 -c 'import os; os.setxattr("capable", "security.capability", bytes.fromhex("0100000200200000000000000000000000000000")); os.setxattr("capable", "user.kept", b"a\\0b")'
    chown 3000000:4000000 near; find . -exec touch -h -d @1600000000.123456789 {} +
    """
  /// What is not the same in `tree` and `out`.
  private func differences(_ sandbox: Sandbox) throws -> [Substring] {
    let trees = try [listing(sandbox, "tree"), listing(sandbox, "out")].map(Set.init)
    return trees[0].symmetricDifference(trees[1]).sorted()
  }

  private func listing(_ sandbox: Sandbox, _ folder: String) throws -> [Substring] {
    let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Corpus/list.py")
    return try sandbox.run("cd \(folder); python3 \"$1\" | sort", [program.path]).split(separator: "\n")
  }

  @Test(arguments: [
    "tar --format=v7 -c", "tar --format=ustar -c", "tar --format=gnu -c", "tar --format=oldgnu -c",
    "tar --format=pax -c",
    "bsdtar --format=pax -c", "bsdtar --format=ustar -c", "tar -cz", "tar -cj", "tar -cJ", "tar -c --zstd",
    "tar -c -I lz4",
    "tar -c --lzma", "tar -c | xz -T2 --block-size=100KiB",
  ]) func reads(_ writer: String) throws {
    let sandbox = try Sandbox()
    try sandbox.run(TreeExchangeTests.makeTree)
    if writer.contains("v7") { try sandbox.run("rm tree/fifo; touch -d @1600000000 tree") }
    let parts = writer.split(separator: "|", maxSplits: 1).map(String.init)
    let pack = parts.count == 2 ? " |" + parts[1] : ""
    try sandbox.run("mkdir out; cd tree; \(parts[0]) -f - .\(pack) > ../archive")
    try sandbox.run("\"$1\" extract out < archive", [probe])
    #expect(try differences(sandbox) == [])
  }

  @Test(arguments: ["tar --format=pax --sparse --xattrs --xattrs-include=*", "tar --format=gnu --sparse"])
  func readsOddities(_ writer: String) throws {
    let sandbox = try Sandbox()
    try sandbox.run(TreeExchangeTests.makeOddities)
    // GNU's own format has neither fractions of seconds nor attributes.
    let isPax = writer.contains("pax")
    if !isPax {
      try sandbox.run("cd tree; rm capable; cp /bin/true capable")
    }
    if !isPax { try sandbox.run("cd tree; find . -exec touch -h -d @1600000000 {} +") }
    try sandbox.run("mkdir out; \(writer) -C tree -cf - . | \"$1\" extract out", [probe])
    #expect(try differences(sandbox) == [])
    #expect(
      try sandbox.run("du -k out/holes out/hole | awk '{ sum += $1 } END { print (sum < 64) }'") == "1\n")
  }

  @Test(arguments: [TreeExchangeTests.makeTree, TreeExchangeTests.makeOddities], ["tar", "bsdtar", "us"])
  func writes(_ make: String, _ reader: String) throws {
    let sandbox = try Sandbox()
    try sandbox.run(make)
    try sandbox.run("mkdir out; \"$1\" export tree > archive; \"$1\" export tree | cmp - archive", [probe])
    switch reader {
    case "tar":
      try sandbox.run(
        "tar --numeric-owner --xattrs --xattrs-include='*' -xpf archive -C out 2>log; ! grep -v hdrcharset log"
      )
    // It leaves the time of its own directory alone.
    case "bsdtar":
      try sandbox.run("LC_ALL=C.UTF-8 bsdtar --numeric-owner -xpf archive -C out; touch -r tree out")
    default: try sandbox.run("\"$1\" extract out < archive", [probe])
    }
    #expect(try differences(sandbox) == [])
  }

  @Test func orderAndPackingDoNotChangeTheDigest() throws {
    let sandbox = try Sandbox()
    try sandbox.run(TreeExchangeTests.makeTree)
    let digests = try sandbox.run(
      """
      probe=$1; new() { mkdir o$1; $probe extract o$1; }
      tar -C tree -c . | new 1; tar -C tree -cz --sort=name . | new 2
      (cd tree; find . -depth | grep -v '^.$' | tac | tar --format=ustar -c --no-recursion -T - .) | new 3
      "$probe" export tree | xz | new 4
      """, [probe])
    #expect(Set(digests.split(separator: "\n")).count == 1)
    try sandbox.run(
      "printf H | dd of=tree/dir/file conv=notrunc status=none; touch -d @1600000000 tree/dir/file")
    #expect(!digests.contains(try sandbox.run("mkdir o5; \"$1\" export tree | \"$1\" extract o5", [probe])))
  }

  @Test func holesDoNotChangeTheDigest() throws {
    let sandbox = try Sandbox()
    try sandbox.run(TreeExchangeTests.makeOddities)
    let digests = try sandbox.run(
      """
      mkdir o1 o2; tar --format=pax --sparse -C tree -c . | "$1" extract o1
      tar --format=pax -C tree -c . | "$1" extract o2
      """, [probe])
    #expect(Set(digests.split(separator: "\n")).count == 1)
  }

  /// Found by a fuzzer: the digest is that of what lies on the disk, whatever the archive said.
  @Test func digestsAreOfWhatLiesThere() throws {
    let sandbox = try Sandbox()
    let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus").path
    try sandbox.run("python3 \"$1/corpus.py\" archives", [corpus])
    for archive in [
      "22b-capability-v3", "25-security-attributes", "81-attribute-twice", "82-attributes-of-links", "83-mode-of-link",
    ] {
      let digests = try sandbox.run(
        """
        mkdir one two; "$1" extract one <archives/$2; "$1" export one | "$1" extract two; rm -r one two
        """, [probe, archive])
      #expect(Set(digests.split(separator: "\n")).count == 1, "\(archive)")
    }
  }

  /// The kernel's own overlay says what the layers mean.
  @Test func layersAreWrittenAsTheKernelMergesThem() throws {
    let sandbox = try Sandbox()
    let listings = try sandbox.run(
      """
      probe=$1; export probe; mkdir one two three; cd one; mkdir -p a/b gone opaque kept deep/er; echo 1 > a/b/f
      echo 1 > gone/f; echo 1 > opaque/old; echo 1 > kept/f; ln kept/f kept/g; echo 1 > becomes-dir; mkdir becomes-file
      echo 1 > becomes-file/x; echo 1 > deep/er/f; mkdir again; echo 1 > again/old; cd ..
      exec unshare -m sh -euc '
        step() { mkdir -p work merged; mount -t overlay overlay -o userxattr,lowerdir=$1,upperdir=$2,workdir=work merged
          (cd merged; eval "$3"); umount merged; rm -rf work; }
        step one two "rm -r gone opaque again; mkdir opaque; echo 2 > opaque/new; echo 2 > a/b/f; echo 2 > kept/g
          rm becomes-dir; mkdir becomes-dir; echo 2 > becomes-dir/y; rm -r becomes-file; echo 2 > becomes-file"
        step two:one three "mkdir again; echo 3 > again/new; rm deep/er/f; echo 3 > opaque/newer"
        mkdir merged-out ours; mount -t overlay overlay -o userxattr,lowerdir=three:two:one merged
        tar -C merged -cf - . | tar -xpf - -C merged-out; umount merged'
      """, [probe])
    #expect(listings.isEmpty)
    try sandbox.run("\"$1\" export three two one | tar -xpf - -C ours", [probe])
    #expect(try sandbox.run("diff -r merged-out ours; ls ours/again ours/opaque").contains("newer"))
    let look = "find . -mindepth 1 -printf '%P|%y|%m|%U|%G|%s|%n\\n' | grep -v '|d|' | sort"
    #expect(try sandbox.run("cd ours; " + look) == sandbox.run("cd merged-out; " + look))
  }
}
