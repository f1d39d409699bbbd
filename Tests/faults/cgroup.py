"""A control group of a test's own: everything in it can be ended at once, and gets no more memory than is given."""

import errno
import os
import tempfile
from pathlib import Path

from harness import eventually, impossible


def hierarchy(wanted):
    """Where the hierarchy is mounted that can do that: `cgroup.kill` is version 2's, `memory` of either."""
    mounts = [line.split()[1:4] for line in Path("/proc/self/mounts").read_text().splitlines()]
    unified = next((Path(place) for place, kind, _ in mounts if kind == "cgroup2"), None)
    if wanted == "kill" or (unified and "memory" in (unified / "cgroup.controllers").read_text().split()):
        return unified
    return next((Path(place) for place, kind, options in mounts if kind == "cgroup" and "memory" in options.split(",")), None)


class Cgroup:
    """Whoever calls `enter` is in it, and all its children. It goes away at the end of the block, with all that is in it."""

    def __init__(self, wanted, megabytes=None):
        place = hierarchy(wanted)
        if os.geteuid() != 0 or place is None:
            impossible(f"takes root and control groups ({wanted})")
        self.is_unified = (place / "cgroup.controllers").exists()
        if megabytes and self.is_unified:
            (place / "cgroup.subtree_control").write_text("+memory")
        self.path = Path(tempfile.mkdtemp(prefix="plash-test-", dir=place))
        if megabytes:
            limit = "memory.max" if self.is_unified else "memory.limit_in_bytes"
            (self.path / limit).write_text(str(megabytes << 20))
        # Who opened the file may move processes, whoever writes to it (cgroup_procs_write() in the kernel).
        self.door = os.open(self.path / "cgroup.procs", os.O_WRONLY)

    def enter(self):
        """For `preexec_fn`."""
        os.write(self.door, b"0")

    def kill(self):
        (self.path / "cgroup.kill").write_text("1")

    def is_removed(self):
        """The kernel refuses as long as a process in it lives, also one that is named no more."""
        try:
            self.path.rmdir()
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            return False
        return True

    def was_short_of_memory(self):
        """Whether the kernel has ended something in it."""
        facts = (self.path / ("memory.events" if self.is_unified else "memory.oom_control")).read_text().split()
        return int(facts[facts.index("oom_kill") + 1]) > 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.door)
        assert eventually(self.is_removed), (self.path / "cgroup.procs").read_text()
