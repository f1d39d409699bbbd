"""Rows B: the power fails. An id that was printed is an image that is whole; what was not printed is whole or not there."""

import os
import random
import shutil
import subprocess
import time

import pytest
from disk import Disk, private_mounts
from harness import descendants, eventually, kill_group
from wreck import Wreck

PLACES = ["after-extract", "before-sync", "after-sync", "after-rename", "before-index", "before-print"]
CONTENT = b"0123456789" * 10_000


@pytest.fixture
def disk(work, account, user_only):
    with private_mounts():
        disk = Disk(work, account)
        yield disk
        disk.unmount()


@pytest.fixture
def wreck(disk, shared_store):
    return Wreck(shared_store.on(disk.place / "data"))


def lines():
    """A layer with a hundred files."""
    return ["i=0; while [ $i -lt 100 ]; do printf %10000s x >/f$i; i=$((i+1)); done", f": {os.urandom(6).hex()}"]


def check_files(wreck):
    """No layer has an empty file, or one with something else."""
    for path in (wreck.plash.data / "data").glob("*/root/f*"):
        assert path.read_bytes() == b" " * 9999 + b"x", path


def check(wreck, disk, printed=b""):
    # What still runs has the file system, and the next mount would be the one that failed.
    assert eventually(lambda: descendants() == []), descendants()
    disk.restart()
    wreck.check(printed)
    check_files(wreck)


def build(wreck, **env):
    return wreck.plash("build", "--from", wreck.middle, "--run", *lines(), env=env).encode()


@pytest.mark.row("B1")
def test_after_a_build(wreck, disk):
    for _ in range(3):
        id = build(wreck)
        disk.fail_power()
        check(wreck, disk, id)


@pytest.mark.row("B1")
def test_at_any_time(wreck, disk):
    power_fails_at_any_time(wreck, disk, 8)


@pytest.mark.nightly
@pytest.mark.row("B1")
def test_at_any_time_many_times(wreck, disk):
    power_fails_at_any_time(wreck, disk, 200)


def power_fails_at_any_time(wreck, disk, rounds):
    for _ in range(rounds):
        words = ["build", "--from", wreck.middle, "--run", *lines()]
        process = wreck.plash.start([wreck.plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                    start_new_session=True)
        time.sleep(random.uniform(0, 0.15))
        disk.fail_power(process)
        kill_group(process)
        check(wreck, disk, process.communicate()[0])


@pytest.mark.row("B2")
def test_while_others_flush(wreck, disk):
    power_fails_while_others_flush(wreck, disk, 6)


@pytest.mark.nightly
@pytest.mark.row("B2")
def test_while_others_flush_many_times(wreck, disk):
    power_fails_while_others_flush(wreck, disk, 150)


def power_fails_while_others_flush(wreck, disk, rounds):
    """fsync of any file commits the journal, at the worst of times."""
    for _ in range(rounds):
        pid = os.fork()
        if pid == 0:
            try:
                with open(disk.place / "other", "wb") as file:
                    while True:
                        file.write(b"x")
                        file.flush()
                        os.fsync(file.fileno())
            finally:
                os._exit(0)
        words = ["build", "--from", wreck.middle, "--run", *lines()]
        process = wreck.plash.start([wreck.plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                    start_new_session=True)
        time.sleep(random.uniform(0.02, 0.25))
        disk.fail_power(process)
        kill_group(process)
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        check(wreck, disk, process.communicate()[0])


@pytest.mark.row("B3")
@pytest.mark.parametrize("place", PLACES)
def test_where_a_build_stopped(wreck, disk, stopping, place):
    power_fails_at(wreck, disk, stopping, place, ["build", "--from", wreck.middle, "--run", *lines()])


@pytest.mark.row("B3")
def test_where_a_removal_stopped(wreck, disk, stopping):
    """All or nothing, as far as anyone can see."""
    victim = wreck.plash(*wreck.macros())
    power_fails_at(wreck, disk, stopping, "in-rm-after-rename", ["rm", victim])


def power_fails_at(wreck, disk, stopping, place, words):
    process = stopping.start(
        [stopping.command, *words], env={"PLASH_TEST_STOP_AT": place}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert wreck.wait_for_stop(process), place
    disk.fail_power()
    process.kill()
    check(wreck, disk, process.communicate()[0])


@pytest.mark.row("B3")
def test_after_setting_a_name(wreck, disk):
    """The old value or the new one."""
    for id in (wreck.base, wreck.middle, wreck.top):
        before = wreck.plash("map", "mine")
        wreck.plash("map", "mine", id)
        disk.fail_power()
        disk.restart()
        assert wreck.plash("map", "mine") in (before, id)
        wreck.check()
    wreck.plash("map", "mine", "")
    disk.fail_power()
    check(wreck, disk)


@pytest.mark.row("B3")
def test_after_the_first_use(wreck, disk):
    fresh = wreck.plash.on(disk.place / "fresh")
    fresh("init")
    disk.fail_power()
    disk.restart()
    assert fresh("init") == ""
    Wreck(fresh).check()


@pytest.mark.row("B5")
@pytest.mark.parametrize("left", ["empty", "short", "gone"])
def test_the_counter_lost_its_end(wreck, left):
    """No id is given out again, not even one whose image is gone but whose name may be written down somewhere."""
    counter = wreck.plash.data / "id_counter"
    highest = max(map(int, wreck.images))
    if left == "gone":
        counter.unlink()
    else:
        os.truncate(counter, 0 if left == "empty" else highest - 1)
    id = wreck.plash(*wreck.macros())
    assert int(id) > highest
    wreck.check(id.encode())


@pytest.mark.nightly
@pytest.mark.row("B6")
@pytest.mark.parametrize("kind", ["xfs", "btrfs"])
def test_other_file_systems(work, account, user_only, shared_store, kind):
    assert shutil.which(f"mkfs.{kind}"), "tools/install-packages faults"
    with private_mounts():
        disk = Disk(work, account, 512, kind)
        wreck = Wreck(shared_store.on(disk.place / "data"))
        for _ in range(3):
            id = build(wreck)
            disk.fail_power()
            check(wreck, disk, id)
        power_fails_at_any_time(wreck, disk, 20)
        power_fails_while_others_flush(wreck, disk, 20)
        disk.unmount()


@pytest.mark.row("B7")
def test_without_flushing(wreck, disk):
    """What is asked for is got: layers that a power failure can damage. `fsck` says which, and that they are damaged; and
    the other tests would notice if layers were never flushed."""
    id = build(wreck, PLASH_SYNC="0")
    found = wreck.plash.try_("fsck")
    assert (found.status, found.text) == (2, f"image {id.decode()}: was made with PLASH_SYNC=0 and may not be on disk\n")
    disk.fail_power()
    disk.restart()
    assert id.decode() not in wreck.index() or wreck.plash.try_("fsck").status == 2
    wreck.check_store()


@pytest.mark.row("B7")
def test_flushing_later(wreck, disk):
    id = build(wreck, PLASH_SYNC="0")
    assert wreck.plash.try_("fsck", "--repair").status == 1
    disk.fail_power()
    check(wreck, disk, id)
    assert id.decode() in wreck.index()
