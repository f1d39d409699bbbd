"""Rows A: processes killed at any call, in any number, at any time."""

import os
import random
from collections import Counter

import pytest
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


COMMANDS = {
    "build": lambda wreck, work: wreck.macros("mkdir -p /x/y; echo z >/x/y/z"),
    "import-tar": lambda wreck, work: ["import-tar", archive_file(wreck, work)],
    "import-url": lambda wreck, work: ["import-url", f"file://{archive_file(wreck, work)}"],
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
}
DELETING = {"shrink", "prune"}
PRINTING = {"build", "import-tar", "import-url", "add-layer", "create"}


def calls_of(wreck, words, work):
    """How many calls the busiest of the command's processes makes."""
    log = work / "calls"
    wreck.plash.host("strace", "-f", "-qqq", "-o", str(log), "-u", wreck.plash.account.name, wreck.plash.command, *words, as_root=True)
    counts = Counter(line.split(None, 1)[0] for line in log.read_text(errors="replace").splitlines() if line[-1:] != "+")
    log.unlink()
    return max(counts.values())


def sweep(wreck, work, name, count):
    """Kills every process of a command at its Nth call, for `count` values of N."""
    total = calls_of(wreck, COMMANDS[name](wreck, work), work)
    points = sorted(random.sample(range(1, total + 1), min(count, total)))
    for point in points:
        words = COMMANDS[name](wreck, work)
        result = wreck.strace("-e", f"inject=all:signal=KILL:when={point}", words=words)
        try:
            wreck.check(result.out if name in PRINTING else b"", deletes=name in DELETING)
        except BaseException as error:
            error.add_note(f"{name} was killed at call {point} of {total}: {result}")
            raise


@pytest.mark.row("A1")
def test_a_build_is_killed_at_some_calls(wreck, work):
    sweep(wreck, work, "build", 100)


@pytest.mark.row("A2")
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "build"])
def test_a_command_is_killed_at_some_calls(wreck, work, name):
    sweep(wreck, work, name, 12)


@pytest.mark.nightly
@pytest.mark.row("A1", "A2")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_killed_at_every_call(wreck, work, name):
    sweep(wreck, work, name, 2000)
