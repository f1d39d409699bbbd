"""The processes of the test build stop where they are told to, and what happens there is survived."""

import subprocess

import pytest
from images import Archive

PLACES = ["after-extract", "before-sync", "after-sync", "after-rename", "before-index", "before-print"]


def killed_at(wreck, stopping, place, words):
    """Kills plash where it stops itself. Gives what it printed."""
    process = stopping.start(
        [stopping.command, *words], env={"PLASH_TEST_STOP_AT": place}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    pid = wreck.wait_for_stop(process)
    assert pid, (place, process.poll())
    process.kill()
    return process.communicate()[0]


@pytest.mark.row("A6")
@pytest.mark.parametrize("place", PLACES)
def test_a_build_is_killed_where_it_stopped(wreck, stopping, place):
    words = wreck.macros()
    assert killed_at(wreck, stopping, place, words) == b""
    wreck.check()
    wreck.plash(*words)


@pytest.mark.row("A6")
def test_a_removal_is_killed_where_it_stopped(wreck, stopping):
    victim = wreck.plash(*wreck.macros())
    killed_at(wreck, stopping, "in-rm-after-rename", ["rm", victim])
    assert wreck.plash.error("nodepath", victim, status=3) == f"there is no image {victim}"
    wreck.check()


@pytest.mark.row("A6")
@pytest.mark.parametrize("place", PLACES[:4])
def test_the_next_build_clears_away_what_a_commit_left(wreck, stopping, place):
    killed_at(wreck, stopping, place, wreck.macros())
    wreck.plash(*wreck.macros())
    assert wreck.plash.leftovers() == []
    wreck.check_store(repairs=False)


@pytest.mark.row("A6", "D2")
def test_a_build_takes_over_from_one_that_dies_in_its_commit(wreck, stopping):
    words = wreck.macros()
    holder = stopping.start([stopping.command, *words], env={"PLASH_TEST_STOP_AT": "after-rename"}, stdout=subprocess.PIPE)
    assert wreck.wait_for_stop(holder)
    waiter = wreck.plash.start([wreck.plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert waiter.stderr.readline().startswith(b"plash: waiting for process ")
    holder.kill()
    assert holder.communicate()[0] == b""
    waiter.communicate(timeout=20)
    assert waiter.returncode == 0
    wreck.check_store(repairs=False)


@pytest.mark.row("A6", "D3", "D10")
def test_an_import_takes_over_from_one_of_the_same_content(wreck, stopping, work):
    archive = work / "root.tar"
    archive.write_bytes(Archive().file("new").bytes())
    words = ["import-tar", str(archive)]
    holder = stopping.start([stopping.command, *words], env={"PLASH_TEST_STOP_AT": "before-sync"}, stdout=subprocess.PIPE)
    assert wreck.wait_for_stop(holder)
    waiter = wreck.plash.start([wreck.plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert waiter.stderr.readline() == b"plash: waiting for another process, which imports the same\n"
    holder.kill()
    assert holder.communicate()[0] == b""
    out, err = waiter.communicate(timeout=20)
    assert (waiter.returncode, err) == (0, b"") and out.decode().strip() == wreck.plash(*words)
    wreck.check(out)


def test_releases_do_not_stop(stage):
    for name in ("bin/plash", "bin/plash-exec", "libexec/plash/plash-import"):
        content = (stage / name).read_bytes()
        assert [word for word in [b"PLASH_TEST", b"in-rm-after-rename", *map(str.encode, PLACES)] if word in content] == []
