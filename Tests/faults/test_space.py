"""Rows C: the disk is full, or fails; so do calls, standard output, limits."""

import ctypes
import gzip
import os
import random
import re
import resource
import subprocess

import pytest
from disk import Disk, libc, private_mounts
from harness import Account, Plash, impossible
from images import Archive
from wreck import Wreck


@pytest.fixture
def mounts(user_only):
    if os.geteuid() != 0:
        impossible("takes root to mount")
    with private_mounts():
        yield


class Memory:
    """A file system in memory."""

    def __init__(self, folder, account, options):
        self.place = folder / "mounted"
        self.place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.place], check=True)
        account.owns(self.place)

    def unmount(self):
        subprocess.run(["umount", self.place], check=True)


PLACES = {
    "ext4": lambda work, account: Disk(work, account, 24),
    "tmpfs": lambda work, account: Memory(work, account, "size=16m"),
    "ext4-inodes": lambda work, account: Disk(work, account, 24, make=["-N", "256"]),
    "tmpfs-inodes": lambda work, account: Memory(work, account, "nr_inodes=250"),
}


@pytest.fixture
def small(mounts, work, account, shared_store, request):
    """A store on a small file system."""
    place = PLACES[request.param](work, account)
    wreck = Wreck(shared_store.on(place.place / "data"))
    wreck.place = place.place
    wreck.kind = request.param
    yield wreck
    wreck.plash.finish()
    place.unmount()


def free(wreck):
    status = os.statvfs(wreck.place)
    return status.f_bfree * status.f_frsize, status.f_ffree


FILL_SPACE = """
import os, sys
os.mkdir(sys.argv[1])
with open(sys.argv[1] + "/file", "wb") as file:
    length, step = 0, 1 << 23
    while step >= 4096:
        try:
            os.posix_fallocate(file.fileno(), length, step)
            length += step
        except OSError as error:
            failure, step = error, step // 2
sys.exit(os.strerror(failure.errno))
"""
FILL_INODES = """
import os, sys
os.mkdir(sys.argv[1])
try:
    for number in range(1 << 20): open(f"{sys.argv[1]}/{number}", "x")
except OSError as error: sys.exit(os.strerror(error.errno))
"""


def fill(wreck):
    """Uses all that there is, as the user; gives what to delete to have it back."""
    ballast = wreck.place / "data/../ballast"
    script = FILL_INODES if wreck.kind.endswith("inodes") else FILL_SPACE
    result = wreck.plash.host("/usr/bin/python3", "-c", script, str(ballast))
    assert result.errors.endswith("No space left on device\n"), result
    return ballast


def many_files():
    archive = Archive()
    for number in range(400):
        archive.file(f"f{number}")
    return archive.bytes()


def one_large_file():
    return Archive().file("large", os.urandom(24 << 20)).bytes()


FULL = {"ext4": "no space left on {}", "tmpfs": "no space left on {}",
        "ext4-inodes": "no inodes left on {}: it can hold no more files",
        "tmpfs-inodes": "no inodes left on {}: it can hold no more files"}
REMEDY = "; `plash prune` and `plash rm` delete images"


@pytest.mark.row("C1", "C2")
@pytest.mark.parametrize("small", PLACES, indirect=True)
def test_an_import_that_is_too_large(small):
    before = free(small)
    archive = many_files() if small.kind.endswith("inodes") else one_large_file()
    result = small.plash.try_("import-tar", input=archive, env={"PLASH_IMPORT_RESERVE": "0"})
    assert small.check_failure(result) == FULL[small.kind].format(small.plash.data) + REMEDY
    assert small.plash.leftovers() == []
    assert abs(free(small)[0] - before[0]) <= 64 << 10 and free(small)[1] == before[1]
    small.check()


@pytest.mark.row("C1")
@pytest.mark.parametrize("small", ["ext4", "tmpfs"], indirect=True)
def test_a_download_that_is_too_large(site, small):
    """The server does not say how large it is."""
    before = free(small)
    address = site.add("/large.tar", one_large_file(), tag='"strong"', sized=False)
    result = small.plash.try_("import-url", address, env={"PLASH_IMPORT_RESERVE": "0"})
    assert small.check_failure(result) == FULL[small.kind].format(small.plash.data) + REMEDY
    assert small.plash.leftovers() == [] and os.listdir(small.plash.data / "download") == []
    assert abs(free(small)[0] - before[0]) <= 64 << 10
    small.check()


@pytest.mark.row("C1")
@pytest.mark.parametrize("small", PLACES, indirect=True)
@pytest.mark.parametrize("command", ["import-url", "eval-url", "images"])
def test_a_download_to_a_full_disk(site, small, command):
    address = site.add("/text", b"--run\ntrue\n")
    ballast = fill(small)
    words = {"import-url": ["import-url", address], "eval-url": ["eval", "--eval-url", address], "images": ["images"]}[command]
    result = small.plash.try_(*words, env={"PLASH_IMPORT_RESERVE": "0", "PLASH_LXC_MIRROR": site.address})
    assert (result.status, result.out) == (1, b"") and FULL[small.kind].format(small.plash.data) + REMEDY in result.errors, result
    assert result.errors.count("plash error: ") == 1
    small.plash.host("rm", "-r", str(ballast))
    small.check()


@pytest.mark.row("C1", "C2")
@pytest.mark.parametrize("small", PLACES, indirect=True)
def test_a_build_that_writes_too_much(small):
    before = free(small)
    lines = ["i=0; while [ $i -lt 400 ]; do : >/f$i; i=$((i+1)); done"] if small.kind.endswith("inodes") else [
        "dd if=/dev/zero of=/large bs=1M count=40"]
    result = small.plash.try_("build", "--from", small.middle, "--run", *lines)
    assert (result.status, result.out) == (1, b"") and b"o space left on device" in result.err, result
    assert result.err.count(b"plash error: ") == 1
    assert f"\nplash: {FULL[small.kind].format(small.plash.data)}" in result.errors
    assert small.plash.leftovers() == []
    assert abs(free(small)[0] - before[0]) <= 64 << 10 and free(small)[1] == before[1]
    small.check()


@pytest.mark.row("C1", "C2")
@pytest.mark.parametrize("small", PLACES, indirect=True)
def test_a_copy_to_a_full_disk(small):
    """There is room for the folder and a little of what is to go into it."""
    large = small.plash("build", "--from", small.middle, "--run", "head -c 1048576 /dev/zero >/large; touch /a /b /c /d /e")
    ballast = fill(small)
    release = "rm 0 1 2" if small.kind.endswith("inodes") else "truncate -s -100K file"
    small.plash.host("sh", "-c", f'cd "$0" && {release}', str(ballast))
    target = small.place / "data/../copied"
    result = small.plash.try_("copy", large, str(target))
    assert small.check_failure(result) == f"the image was not copied to {target}: cp ended with exit status 1"
    assert not os.path.lexists(target)
    small.plash.host("rm", "-r", str(ballast))
    small.check()


@pytest.mark.row("C1", "C2")
@pytest.mark.parametrize("small", PLACES, indirect=True)
def test_a_build_on_a_full_disk(small):
    """Nothing is left to make the layer with, and it says so."""
    ballast = fill(small)
    result = small.plash.try_("build", "--from", small.middle, "--run", f": {os.urandom(6).hex()}")
    message = small.check_failure(result)
    assert message.startswith(FULL[small.kind].format(small.plash.data)), result
    small.plash.host("rm", "-r", str(ballast))
    small.check()


@pytest.mark.row("C3")
@pytest.mark.parametrize("small", PLACES, indirect=True)
def test_deleting_on_a_full_disk(small):
    victim = small.plash(*small.macros())
    small.strace("-e", "inject=syncfs:signal=KILL", words=small.macros(), calls="syncfs")
    fill(small)
    small.plash("map", "mine", "")
    small.plash("rm", victim)
    small.plash("clean")
    assert small.plash.leftovers() == []
    small.check_store(repairs=False)
    small.plash("shrink")
    small.check_store(repairs=False)
    small.plash("purge", "--yes")
    assert not small.plash.data.exists() or os.listdir(small.plash.data) == []


# Calls that fail

CALLS = ["openat", "mkdirat", "symlinkat", "renameat", "renameat2", "write", "read", "fsync", "syncfs", "unlinkat", "fchmodat",
         "readlinkat", "getdents64", "clone", "mmap", "memfd_create", "fchmod", "pipe2", "dup", "lseek", "newfstatat", "flock",
         "mount", "fsopen", "fsmount", "move_mount", "open_tree", "wait4", "unshare", "fstatfs"]
ERRORS = ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EMFILE", "ENFILE", "ENOMEM"]
COMMANDS = {
    "build": lambda wreck, work: wreck.macros(),
    "import-tar": lambda wreck, work: ["import-tar", archive_file(work)],
    "rm": lambda wreck, work: ["rm", wreck.plash(*wreck.macros())],
    "map": lambda wreck, work: ["map", "mine", wreck.middle],
}


def archive_file(work):
    file = work / "image.tar"
    file.write_bytes(Archive().file("etc/motd", os.urandom(8)).bytes())
    return str(file)


def fails_at(wreck, work, name, call, error, number):
    words = COMMANDS[name](wreck, work)
    log = wreck.plash.data.parent / "calls"
    result = wreck.strace("-e", f"inject={call}:error={error}:when={number}", words=words, calls=call, log=log)
    # Each process has an nth call: that of the first may be the one that tells what happened to the second.
    was_silenced = bool(re.search(r'^\d+ +write\(2, "plash error: .*INJECTED', log.read_text(errors="replace"), re.MULTILINE))
    try:
        assert b"Fatal error" not in result.err and result.status >= 0 and result.status < 128, result
        if result.status != 0:
            assert result.out == b"" and result.err.count(b"plash error: ") + was_silenced == 1, result
        wreck.check(result.out if name in ("build", "import-tar") else b"")
    except BaseException as failure:
        failure.add_note(f"{name}: {call} number {number} failed with {error}: {result}")
        raise
    wreck.forget()
    return result


@pytest.mark.row("C4", "C5")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_call_fails(wreck, work, name):
    for _ in range(16 if name == "build" else 6):
        fails_at(wreck, work, name, random.choice(CALLS), random.choice(ERRORS), random.randint(1, 12))


@pytest.mark.nightly
@pytest.mark.row("C4", "C5")
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("name", COMMANDS)
def test_each_call_fails(wreck, work, name, error):
    made = {}
    for (_, call), number in wreck.calls_of(COMMANDS[name](wreck, work), ",".join(CALLS)).items():
        made[call] = max(number, made.get(call, 0))
    for call, number in made.items():
        for nth in range(1, number + 1):
            fails_at(wreck, work, name, call, error, nth)


@pytest.mark.row("C5")
@pytest.mark.parametrize("call", ["wait4", "fsync", "syncfs", "flock", "renameat2"])
def test_interrupted_calls_are_made_again(wreck, call):
    """Calls of plash itself; what the shell of an image does is its own affair."""
    log = wreck.place_for_log = wreck.plash.data.parent / "log"
    log.touch()
    wreck.plash.account.owns(log)
    for number in (1, 2, 3, 5, 8):
        strace = ["strace", "-qqq", "-o", str(log), "-u", wreck.plash.account.name, "-e", f"trace={call}",
                  "-e", f"inject={call}:error=EINTR:when={number}"]
        result = wreck.plash.host(*strace, wreck.plash.command, *wreck.macros(), as_root=True)
        assert result.status == 0, (call, number, result)
    wreck.check(result.out)


@pytest.mark.row("C5", "D6")
def test_mounts_that_cannot_be_read_may_be_of_any_image(wreck):
    run = wreck.plash.start([wreck.plash.command, "run", wreck.top, "sh", "-c", "echo up; read line; exec cat /middle /top"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert run.stdout.readline() == b"up\n"
    log = wreck.plash.data.parent / "calls"
    wreck.strace(words=["rm", wreck.top], calls="openat", log=log)
    opened = [line for line in log.read_text().splitlines() if "openat(" in line]
    nth = next(number for number, line in enumerate(opened, 1) if f'"{run.pid}/mountinfo"' in line)
    # Processes come and go.
    for number in range(nth - 2, nth + 3):
        result = wreck.strace("-e", f"inject=openat:error=EMFILE:when={number}", words=["rm", wreck.top], calls="openat")
        assert result.status == 1, result
    assert run.communicate(b"go\n", timeout=20)[0] == b"middle\ntop\n"


# Errors that come late

@pytest.fixture
def leaking(mounts, work, account, shared_store):
    """A disk that is larger than what holds it: writing succeeds, flushing does not."""
    holder = Memory(work, account, "size=22m")
    disk = Disk(holder.place, account, 64)
    yield disk
    subprocess.run(["umount", disk.place], check=True)
    # The loop device lets go of its file a moment later.
    subprocess.run(["umount", "--lazy", holder.place], check=True)


@pytest.mark.row("C6")
def test_what_cannot_be_flushed_is_no_layer(leaking, shared_store):
    wreck = Wreck(shared_store.on(leaking.place / "data"))
    before = wreck.index()
    result = wreck.plash.try_("build", "--from", wreck.middle, "--run", "dd if=/dev/urandom of=/large bs=1M count=30")
    assert (result.status, result.out) == (1, b""), result
    # The script could write all it wanted. A block that the holder took a part of is EIO, one that it took nothing of ENOSPC.
    assert b"30+0 records out" in result.err, result
    assert result.err.splitlines()[-1].startswith((b"plash error: syncfs", b"plash error: no space left on")), result
    assert wreck.index() == before


@pytest.mark.row("C7")
def test_a_late_descriptor_would_not_notice(leaking):
    """Why the data directory is opened first: the kernel tells of a failed write only who had it open. A plash that opened it
    late would print the id of a damaged layer, and the test before this one would fail."""
    early = os.open(leaking.place, os.O_RDONLY)
    with open(leaking.place / "large", "wb") as file:
        file.write(os.urandom(30 << 20))
    assert libc.syncfs(early) == -1 and ctypes.get_errno() in (5, 28)
    late = os.open(leaking.place, os.O_RDONLY)
    assert libc.syncfs(late) == 0
    os.close(early)
    os.close(late)


@pytest.mark.row("C8")
def test_a_disk_that_becomes_read_only(mounts, work, account, shared_store):
    """ext4 does that when it finds itself damaged: what is there can be used, nothing else."""
    disk = Disk(work, account, options="errors=remount-ro")
    wreck = Wreck(shared_store.on(disk.place / "data"))
    (disk.controls() / "trigger_fs_error").write_text("test of plash\n")
    for words in (wreck.macros(), ["rm", wreck.top], ["map", "other", wreck.top], ["clean"]):
        message = wreck.check_failure(wreck.plash.try_(*words)) if words != ["clean"] else ""
        assert words == ["clean"] or "Read-only file system" in message, message
    assert wreck.plash("run", wreck.top, "cat", "/top") == "top"
    assert wreck.plash.try_("fsck", "--full").status == 0
    wreck.plash.finish()
    disk.unmount()
    subprocess.run(["fsck.ext4", "-fy", disk.file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    disk.mount()
    wreck.check()
    disk.unmount()


@pytest.mark.row("C8")
def test_directories_that_cannot_be_read(mounts, work, account, shared_store):
    """EXT4_SIM_DIRBLOCK_EIO: what cannot be read is named, and neither repaired nor deleted."""
    disk = Disk(work, account)
    wreck = Wreck(shared_store.on(disk.place / "data"))
    failures = 0
    for words in (wreck.macros(), ["run", wreck.top, "true"], ["rm", wreck.top], ["map", "mine"], ["clean"], ["fsck"],
                  ["fsck", "--repair", "--full"]):
        # So that nothing is remembered. The kernel reads each block once: a second look may see what the first did not.
        disk.unmount()
        disk.mount()
        (disk.controls() / "simulate_fail").write_text("7")
        result = wreck.plash.try_(*words)
        (disk.controls() / "simulate_fail").write_text("0")
        if result.status != 0:
            failures += 1
            said = result.text + result.errors
            assert f"{disk.place}/data" in said and "Input/output error" in said, (words, result)
            assert result.status in ((1, 2) if words[0] == "fsck" else (1,)), (words, result)
            assert result.err.count(b"\n") == (not result.out), (words, result)
    assert failures >= 3
    disk.unmount()
    disk.mount()
    wreck.check(repairs=False)
    wreck.plash.finish()
    disk.unmount()


@pytest.mark.row("C8")
def test_a_folder_that_cannot_be_read(wreck):
    """The check says so, and deletes nothing that it cannot see."""
    words = ["fsck", "--repair"]
    result = wreck.strace("-e", "inject=getdents64:error=EIO", words=words, calls="getdents64")
    assert result.status == 2 and b"Input/output error" in result.out, result
    wreck.check(repairs=False)


# Standard output

@pytest.mark.row("C9")
@pytest.mark.parametrize("output", ["full", "closed", "broken"])
@pytest.mark.parametrize("command", ["build", "import-tar"])
def test_the_id_cannot_be_printed(wreck, work, command, output):
    """It fails and says so; the layer stays and is found again."""
    words = COMMANDS[command](wreck, work)
    before = wreck.index()
    redirection = {"full": ">/dev/full", "closed": ">&-", "broken": "| true"}[output]
    if output == "broken":
        reader, writer = os.pipe()
        os.close(reader)
        process = wreck.plash.start([wreck.plash.command, *words], stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        _, err = process.communicate()
        assert process.returncode == -13 or (process.returncode == 1 and b"plash error: " in err), (process.returncode, err)
    else:
        result = wreck.plash.host("bash", "-c", f'exec "$@" {redirection}', "bash", wreck.plash.command, *words)
        assert result.status == 1, result
        assert b"plash error: no space left on standard output" in result.err or (
            b"plash error: write standard output: Bad file descriptor" in result.err), result
    assert len(wreck.index() - before) == 1
    again = wreck.plash(*words)
    assert {again} == wreck.index() - before
    wreck.check()


# Limits

LIMITS = [("NOFILE", n) for n in (4, 6, 10, 16)] + [("FSIZE", n) for n in (0, 1, 1000)] + [
    ("NPROC", n) for n in (0, 1, 2)] + [("AS", n << 20) for n in (24, 32, 64)] + [("STACK", n << 10) for n in (64, 256, 1024)]


@pytest.mark.row("C10")
@pytest.mark.parametrize("limit,value", LIMITS)
@pytest.mark.parametrize("command", ["build", "import-tar", "run"])
def test_a_limit(wreck, work, command, limit, value):
    """It works, or it fails with words; it is never a trap."""
    words = ["run", wreck.top, "true"] if command == "run" else COMMANDS[command](wreck, work)
    result = wreck.plash.try_(*words, preexec_fn=lambda: resource.setrlimit(getattr(resource, f"RLIMIT_{limit}"), (value, value)))
    assert b"Fatal error" not in result.err, result
    assert result.status in (0, 1, 2, 126, 127) or limit == "FSIZE", result
    wreck.check(result.out if command != "run" else b"")


# Room that imports leave

@pytest.mark.row("C11")
@pytest.mark.parametrize("small", ["ext4"], indirect=True)
def test_an_import_leaves_room(small, work):
    """It is refused before anything is written if the archive is known to be too large; a setting allows it."""
    archive = work / "image.tar"
    free_bytes = free(small)[0] - (os.statvfs(small.place).f_blocks // 20 * os.statvfs(small.place).f_frsize)
    archive.write_bytes(Archive().file("large", bytes(free_bytes - len(Archive().bytes()) - (1 << 20))).bytes())
    result = small.plash.try_("import-tar", str(archive))
    assert "would be left free on the disk" in small.check_failure(result)
    id = small.plash("import-tar", str(archive), env={"PLASH_IMPORT_RESERVE": "100K"})
    small.plash("rm", id)
    small.check()


def directories_alone():
    archive = Archive()
    for number in range(20_000):
        archive.folder(f"d{number}")
    return gzip.compress(archive.bytes(), 1)


def directories_of_few_names():
    """Each name implies 200 of them."""
    archive = Archive()
    for number in range(100):
        archive.file(f"{number}/" + "d/" * 199 + "f")
    return gzip.compress(archive.bytes(), 1)


def one_file_of_zeros():
    return gzip.compress(Archive().file("zeros", bytes(300 << 20)).bytes(), 1)


@pytest.mark.row("C11")
@pytest.mark.parametrize("archive", [directories_alone, directories_of_few_names, one_file_of_zeros])
def test_an_import_leaves_room_whatever_takes_it(mounts, work, account, shared_store, archive):
    """What a pipe brings is compared with the room again and again: within a file, and when no file comes."""
    disk = Disk(work, account, 240, make=["-b", "4096", "-N", "60000"])
    wreck = Wreck(shared_store.on(disk.place / "data"))
    status = os.statvfs(disk.place)
    reserve = str(status.f_bavail * status.f_frsize - (32 << 20))
    result = wreck.plash.try_("import-tar", input=archive(), env={"PLASH_IMPORT_RESERVE": reserve})
    assert wreck.check_failure(result).startswith(f"less than {reserve} bytes would be left free on the disk"), result
    assert wreck.plash.leftovers() == []
    wreck.check()
    wreck.plash.finish()
    disk.unmount()
