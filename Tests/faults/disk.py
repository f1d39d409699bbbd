"""A disk of a test's own: a file system in a file, mounted where only the tests see it, whose power can fail."""

import ctypes
import fcntl
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from harness import kill_group

CLONE_NEWNS = 0x20000
SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN: _IOR('X', 125, __u32)
WITHOUT_LOG = (2).to_bytes(4, "little")
libc = ctypes.CDLL(None, use_errno=True)


def checked(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@contextmanager
def private_mounts():
    """What is mounted meanwhile, only the tests and what they start see."""
    before = os.open("/proc/self/ns/mnt", os.O_RDONLY)
    checked(libc.unshare(CLONE_NEWNS))
    try:
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        yield
    finally:
        checked(libc.setns(before, CLONE_NEWNS))
        os.close(before)


class Disk:
    """A file system of `megabytes` on a loop device. Nothing reaches the file by itself: the journal is committed every
    five minutes."""

    FLAVOURS = {
        "ext4": (["mkfs.ext4", "-q", "-F"], "commit=300"),
        "xfs": (["mkfs.xfs", "-q", "-f"], "nouuid"),
        "btrfs": (["mkfs.btrfs", "-q", "-f"], "commit=300"),
    }

    def __init__(self, folder, account, megabytes=64, kind="ext4", make=(), options=""):
        self.file, self.place, self.kind = folder / "disk", folder / "mounted", kind
        self.account, self.options = account, options
        os.truncate(os.open(self.file, os.O_CREAT | os.O_RDWR), megabytes << 20)
        subprocess.run([*self.FLAVOURS[kind][0], *make, self.file], check=True, stdout=subprocess.DEVNULL)
        self.place.mkdir()
        self.mount()
        account.owns(self.place)

    def mount(self):
        options = ",".join(part for part in ("loop", self.FLAVOURS[self.kind][1], self.options) if part)
        subprocess.run(["mount", "-t", self.kind, "-o", options, self.file, self.place], check=True)

    def controls(self):
        """Where ext4 can be told to fail."""
        found = subprocess.run(["findmnt", "-no", "SOURCE", self.place], check=True, capture_output=True, text=True)
        return Path("/sys/fs/ext4") / Path(found.stdout.strip()).name

    def unmount(self):
        subprocess.run(["umount", self.place], check=True)

    def fail_power(self, process=None):
        """From now on nothing gets to the disk; what is there stays. The group of `process` has not come to its end yet."""
        if self.kind == "btrfs":
            # It has no such call: what has been written to the file by now is what a power failure leaves. Copying takes a
            # while, in which the process must not go on.
            if process:
                kill_group(process)
            shutil.copyfile(self.file, self.file.with_name("left"))
            return
        place = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(place, SHUTDOWN, WITHOUT_LOG)
        os.close(place)

    def restart(self):
        """After a power failure and the end of all processes."""
        self.unmount()
        if self.kind == "btrfs":
            self.file.with_name("left").rename(self.file)
        self.mount()
