"""A store to which something happens, and what has to be true of it afterwards, whatever happened."""

import fcntl
import hashlib
import os
import re
import stat
from collections import Counter

from harness import descendants, eventually, impossible
from images import Archive


def tree_digest(root):
    """A number for everything that a tree consists of: names, kinds, rights, owners, times, contents."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(folders + files):
            path = os.path.join(folder, name)
            facts = os.lstat(path)
            digest.update(f"{os.path.relpath(path, root)}\0{facts.st_mode} {facts.st_uid} {facts.st_gid}\0".encode())
            if stat.S_ISLNK(facts.st_mode):
                digest.update(os.readlink(path).encode())
            elif stat.S_ISREG(facts.st_mode):
                digest.update(f"{facts.st_mtime_ns} {facts.st_size}\0".encode())
                with open(path, "rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest() if hasattr(hashlib, "file_digest")
                                  else hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


class Wreck:
    """The store of a test with three images: a base, a layer on it, a layer on that which has a name."""

    def __init__(self, plash):
        if os.geteuid() != 0:
            impossible("takes root to break things")
        self.plash = plash
        self.populate()

    def populate(self):
        plash = self.plash
        self.base = Archive().imported(plash)
        self.middle = plash("build", "--from", self.base, "--run", "echo middle >/middle; mkdir -p /d/e; touch /d/e/f")
        self.top = plash("build", "--from", self.middle, "--run", "rm -r /d; mkdir /d; echo top >/top; ln -s /somewhere /link")
        plash("map", "mine", self.top)
        self.images = {self.base, self.middle, self.top}
        self.digests = self.old_digests()

    def old_digests(self):
        """What the images consist of that were there before."""
        return {id: tree_digest(self.plash.data / "data" / id / "root") for id in self.images}

    def index(self):
        return set(os.listdir(self.plash.data / "index"))

    def forget(self):
        """Deletes what came after the three images, once it is much: a check looks at every image."""
        new = self.index() - self.images
        for id in new if len(new) > 30 else ():
            self.plash("rm", id)

    def macros(self, *lines):
        """The words of a build on the middle image that was never made before."""
        return ["build", "--from", self.middle, "--run", *lines, f"echo {os.urandom(6).hex()} >/new"]

    def strace(self, *options, words, calls="all", plash=None, env=None, log="/dev/null"):
        """Runs plash under strace with these options; gives what it left."""
        plash = plash or self.plash
        strace = ["strace", "-f", "-qqq", "-o", log, "-u", plash.account.name, "-e", f"trace={calls}"]
        return plash.host(*strace, *options, plash.command, *words, as_root=True, env=env)

    def calls_of(self, words, calls="all", env=None):
        """How often each process of a command makes each of these calls, as (pid, name) -> number."""
        log = self.plash.data.parent / "calls"
        self.strace(words=words, calls=calls, env=env, log=log)
        # A call that another process interrupts is told twice: "<unfinished ...>" and "<... resumed>".
        found = Counter(re.findall(r"^(\d+) +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE))
        log.unlink()
        return found

    def wait_for_stop(self, process):
        """Waits until the process, or one of its descendants, has stopped itself; gives its pid, or None if the process
        came to its end before."""
        def stopped():
            return next((pid for pid, _ in descendants() if is_stopped(pid)), None)

        eventually(lambda: stopped() or process.poll() is not None)
        return stopped()

    # What has to be true afterwards

    def check_failure(self, result):
        """A command that failed of itself: one line that says why, and no id."""
        assert result.status not in (0, -9), result
        assert result.out == b"", result
        lines = [line for line in result.errors.splitlines() if line.startswith("plash error: ")]
        assert len(lines) == 1 and lines[0] == result.errors.splitlines()[-1], result
        assert "Fatal error" not in result.errors, result
        return lines[0].removeprefix("plash error: ")

    def check(self, printed=b"", repairs=True, deletes=False):
        """Whatever happened: nothing runs or is mounted, the store is right or can be put right without loss, what was
        there is as it was, an id that was printed is an image, and building works. What `deletes` may have deleted images,
        but not have changed any."""
        eventually(lambda: not self.alive(), 2.0)
        assert self.alive() == []
        self.check_locks()
        self.check_store(repairs)
        if deletes:
            self.images &= self.index()
        assert self.old_digests() == {id: digest for id, digest in self.digests.items() if id in self.images}
        if deletes:
            self.populate()
        for id in printed.split():
            self.plash("run", id.decode(), "true")
        self.check_working()

    def alive(self):
        return [left for left in self.plash.leftovers() if not left.startswith("file ")]

    def check_locks(self):
        """What is left in tmp is nobody's."""
        for path in (self.plash.data / "tmp").glob("*.lock"):
            with open(path) as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def check_store(self, repairs=True):
        found = self.plash.try_("fsck", "--full")
        assert found.errors == "", found
        if found.status != 0 and repairs:
            repaired = self.plash.try_("fsck", "--full", "--repair")
            assert repaired.status == 1, repaired
            found = self.plash.try_("fsck", "--full")
        assert (found.status, found.out) == (0, b""), found

    def check_working(self):
        id = self.plash(*self.macros())
        self.plash("run", id, "true")
        left = [str(path) for path in (self.plash.data / "tmp").glob("*")]
        assert left == []
        self.plash("rm", id)


def is_stopped(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False
