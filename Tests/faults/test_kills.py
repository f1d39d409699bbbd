"""Rows A: processes killed at any call, in any number, at any time."""

import lzma
import os
import random
import resource
import signal
import subprocess
import time
from collections import Counter

import pytest
from cgroup import Cgroup
from harness import descendants, eventually
from images import Archive


def archive_file(wreck, work):
    file = work / "image.tar"
    file.write_bytes(Archive().file("etc/motd", os.urandom(8)).bytes())
    return str(file)


def victim(wreck, *lines):
    return wreck.plash("build", "--from", wreck.base, "--run", *lines, f": {os.urandom(6).hex()}")


def add_layer(wreck, work):
    folder = work / os.urandom(6).hex()
    folder.mkdir()
    (folder / "file").write_text("added\n")
    os.chown(folder, wreck.plash.account.uid, wreck.plash.account.gid)
    return ["add-layer", wreck.base, str(folder)]


def abandoned(wreck, work):
    """Something for `clean` to do."""
    wreck.strace("-e", "inject=renameat2:signal=KILL:when=1", words=wreck.macros(), calls="renameat2")
    return ["clean"]


def docker(wreck, work):
    """An image of a docker that gives what lies in a file."""
    program = work / "docker"
    program.write_text(f'#!/bin/sh\ncase $1 in create) echo 0123abcd ;; export) exec cat {archive_file(wreck, work)} ;; esac\n')
    program.chmod(0o755)
    return ["import-docker", f"some/image:{os.urandom(6).hex()}"]


COMMANDS = {
    "build": lambda wreck, work: wreck.macros("mkdir -p /x/y; echo z >/x/y/z"),
    "import-tar": lambda wreck, work: ["import-tar", archive_file(wreck, work)],
    "import-url": lambda wreck, work: ["import-url", f"file://{archive_file(wreck, work)}"],
    "import-docker": docker,
    "rm": lambda wreck, work: ["rm", victim(wreck, "mkdir /x; touch /x/y")],
    "shrink": lambda wreck, work: [victim(wreck), "shrink"][1:],
    "prune": lambda wreck, work: [victim(wreck), "prune"][1:],
    "clean": abandoned,
    "map": lambda wreck, work: ["map", "other", wreck.middle],
    "unmap": lambda wreck, work: ["map", "other", ""],
    "add-layer": add_layer,
    "create": lambda wreck, work: ["create", wreck.base, "sh", "-c", "echo x >/x"],
    "init": lambda wreck, work: ["init"],
    "fsck": lambda wreck, work: ["fsck", "--repair", "--full"],
    "purge": lambda wreck, work: ["purge", "--yes"],
}
DELETING = {"shrink", "prune", "purge"}
PRINTING = {"build", "import-tar", "import-url", "import-docker", "add-layer", "create"}


def with_programs_of(work):
    return {"PATH": f"{work}:/usr/bin:/bin"}


def sweep(wreck, work, name, count):
    """Kills every process of a command at its Nth call, for `count` values of N."""
    calls = Counter()
    for (process, _), number in wreck.calls_of(COMMANDS[name](wreck, work), env=with_programs_of(work)).items():
        calls[process] += number
    total = max(calls.values())
    points = sorted(random.sample(range(1, total + 1), min(count, total)))
    for point in points:
        words = COMMANDS[name](wreck, work)
        result = wreck.strace("-e", f"inject=all:signal=KILL:when={point}", words=words, env=with_programs_of(work))
        try:
            wreck.check(result.out if name in PRINTING else b"", deletes=name in DELETING)
        except BaseException as error:
            error.add_note(f"{name} was killed at call {point} of {total}: {result}")
            raise
        wreck.forget()


@pytest.mark.row("A1")
def test_a_build_is_killed_at_some_calls(wreck, work):
    sweep(wreck, work, "build", 40)


@pytest.mark.row("A2")
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "build"])
def test_a_command_is_killed_at_some_calls(wreck, work, name):
    sweep(wreck, work, name, 6)


@pytest.mark.nightly
@pytest.mark.row("A1", "A2")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_killed_at_every_call(wreck, work, name):
    sweep(wreck, work, name, 2000)


# All at once, at any time

def kill_everything(wreck, work, rounds):
    """Whatever group or namespace it is in."""
    for _ in range(rounds):
        name = random.choice(["build", "import-tar", "rm", "shrink", "create", "add-layer", "map"])
        words = COMMANDS[name](wreck, work)
        with Cgroup("kill") as group:
            process = wreck.plash.start([wreck.plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        preexec_fn=group.enter)
            # A little longer than it takes: some come to their end.
            time.sleep(random.uniform(0, 0.08))
            group.kill()
            out = process.communicate()[0]
        wreck.check(out if name in PRINTING else b"", deletes=name in DELETING)
        wreck.forget()


@pytest.mark.row("A3")
def test_everything_is_killed_at_any_time(wreck, work):
    kill_everything(wreck, work, 15)


@pytest.mark.nightly
@pytest.mark.row("A3")
def test_everything_is_killed_many_times(wreck, work):
    kill_everything(wreck, work, 400)


# One of them

def start_long(wreck, command):
    """A build or an import that waits; gives the process and a way to let it go on."""
    if command == "build":
        words = ["build", "--from", wreck.middle, "--run", f"echo {os.urandom(6).hex()} >/x", "sleep 60"]
    else:
        words = ["import-tar"]
    process = wreck.plash.start([wreck.plash.command, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True)
    if command == "import-tar":
        process.stdin.write(Archive().bytes()[:-11_000])
        process.stdin.flush()
    needle = {"build": b"sleep 60", "import-tar": b"plash-import"}[command]
    assert eventually(lambda: any(needle in words for pid, words in descendants() if pid != process.pid))
    return process


def others(process):
    """Its descendants, the nearest first."""
    return sorted(pid for pid, _ in descendants() if pid != process.pid)


@pytest.mark.row("A4")
@pytest.mark.parametrize("command", ["build", "import-tar"])
def test_the_supervisor_is_killed(wreck, command):
    process = start_long(wreck, command)
    process.kill()
    assert process.communicate()[0] == b""
    wreck.check()


@pytest.mark.row("A4")
@pytest.mark.parametrize("command", ["build", "import-tar"])
@pytest.mark.parametrize("which", [0, -1], ids=["init", "last"])
def test_a_child_is_killed(wreck, command, which):
    """The init of the pid namespace, or what it started: it is said by which signal."""
    process = start_long(wreck, command)
    os.kill(others(process)[which], signal.SIGKILL)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, b""), err
    assert err.count(b"plash error: ") == 1 and (b"137" in err or b"signal 9" in err), err
    assert wreck.plash.leftovers() == []
    wreck.check()


@pytest.mark.row("A5")
@pytest.mark.parametrize("dictionary", [4, 128])
def test_the_kernel_takes_the_memory_away(wreck, work, dictionary):
    """An import that needs little does with 64 MiB; one whose decoder needs more is killed, and that is what is said."""
    archive = work / "image.tar.xz"
    content = Archive().file("long", os.urandom(1 << 20) * dictionary).bytes()
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": dictionary << 20}]
    archive.write_bytes(lzma.compress(content, filters=filters))
    with Cgroup("memory", megabytes=64) as group:
        result = wreck.plash.try_("import-tar", str(archive), preexec_fn=group.enter)
        assert group.was_short_of_memory() == (dictionary > 64)
    if dictionary > 64:
        assert wreck.check_failure(result) == "the import was killed by signal 9; was there too little memory?"
    else:
        assert result.status == 0, result
    wreck.check(result.out)


@pytest.mark.row("A5")
@pytest.mark.parametrize("megabytes", [24, 32, 48, 64, 96])
def test_there_is_not_enough_memory(wreck, work, megabytes):
    """For the helper of imports, as for everything: it succeeds or says what is wrong."""
    limit = (megabytes << 20, megabytes << 20)
    result = wreck.plash.try_(
        *COMMANDS["import-tar"](wreck, work), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit))
    if result.status != 0:
        assert (result.status, result.out) in [(1, b""), (127, b"")], result
        assert b"Fatal error" not in result.err, result
    wreck.check(result.out)


@pytest.mark.row("A5")
def test_a_script_takes_too_much_memory(wreck):
    """It is the script that failed, and so it is said."""
    limit = (256 << 20, 256 << 20)
    result = wreck.plash.try_(
        "build", "--from", wreck.middle, "--run", "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit))
    assert (result.status, result.out) == (1, b"") and "plash error: build failed with exit status" in result.errors, result
    wreck.check()


# Ids

@pytest.mark.row("A7")
def test_ids_are_never_given_out_again(wreck, work):
    """Not after crashes, and not after the image with the highest one is gone."""
    seen = set(map(int, wreck.images))
    for round in range(10):
        point = random.randint(1, 4)
        call = random.choice(["renameat2", "symlinkat", "fsync", "syncfs", "renameat"])
        wreck.strace("-e", f"inject={call}:signal=KILL:when={point}", words=wreck.macros(), calls=call)
        id = int(wreck.plash(*wreck.macros()))
        assert id > max(seen), (id, seen)
        seen.add(id)
        seen |= set(map(int, wreck.index()))
        if round % 3 == 0:
            wreck.plash("rm", str(id))
    wreck.check()
