"""The processes of the test build stop where they are told to, and what happens there is survived."""

import os
import signal
import subprocess

import pytest
from harness import eventually
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


def rests(process):
    """Waits until a process has stopped itself or ended; each stop counts once. Gives whether it has stopped."""
    assert eventually(lambda: process.poll() is not None or os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG))
    return process.returncode is None


def going(plash, *words, stops_at=""):
    return plash.start([plash.command, *words], env={"PLASH_TEST_STOP_AT": stops_at}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


READER = ["sh", "-c", "echo up; read line; exec cat /middle /top"]


@pytest.mark.row("D5", "D6")
@pytest.mark.parametrize("words", [["rm", "base"], ["rm", "top"], ["purge", "--yes"]], ids=" ".join)
@pytest.mark.parametrize("run_stands", ["before", "after"])
def test_a_run_begins_while_its_image_is_being_deleted(wreck, stopping, words, run_stands):
    """Nothing uses the image when it is looked for users, and a run does before it is gone: whether that stands before they
    are looked for again or after that, what it stands on stays. `clean` deletes that when the run has ended."""
    words = [getattr(wreck, word, word) for word in words]
    remover = going(stopping, *words, stops_at="in-rm-after-check:in-rm-before-data")
    assert rests(remover)
    run = going(stopping, "run", wreck.top, *READER, stops_at="after-hold")
    assert rests(run)
    for process in (run, remover) if run_stands == "before" else (remover, run):
        process.send_signal(signal.SIGCONT)
        if process is run:
            assert run.stdout.readline() == b"up\n"
        else:
            rests(remover)
    remover.send_signal(signal.SIGCONT)
    assert remover.wait(20) == (1 if words[0] == "purge" else 0)
    if words[0] == "rm":
        assert wreck.plash.error("nodepath", wreck.top, status=3) == f"there is no image {wreck.top}"
    wreck.plash("clean")
    assert run.communicate(b"go\n", timeout=20)[0] == b"middle\ntop\n"
    wreck.plash("clean")
    assert not (wreck.plash.data / "data" / wreck.top).exists()


@pytest.mark.row("D5")
@pytest.mark.parametrize("deletion", [["rm", "middle"], ["shrink"], ["prune", "--keep", "0m"], ["clean"], ["purge", "--yes"]], ids=" ".join)
def test_what_a_build_stands_on_is_not_deleted_while_it_commits(wreck, stopping, deletion):
    """Nor what it has made so far: all layers of a build are there when it ends."""
    first = f"echo {os.urandom(6).hex()} >/first"
    words = ["build", "--from", wreck.middle, "--run", first, "--layer", "--run", "cat /middle /first >/second"]
    build = going(stopping, *words, stops_at="after-extract")
    for _ in range(2):
        assert rests(build)
        result = wreck.plash.try_(*[getattr(wreck, word, word) for word in deletion])
        if deletion[0] in ("rm", "purge"):
            assert result.status == 1 and b"in use" in result.err or b"being built" in result.err, result
        else:
            assert result.status == 0, result
        build.send_signal(signal.SIGCONT)
    id = build.communicate(timeout=20)[0].decode().strip()
    assert build.returncode == 0
    assert wreck.plash("run", id, "cat", "/second") == wreck.plash("run", id, "cat", "/middle", "/first")


@pytest.mark.row("D6")
def test_an_image_is_deleted_before_its_run_holds_it(wreck, stopping):
    """Whoever names macros, not a number, gets what they stand for."""
    macros = ["--from", wreck.middle, "--run", "echo x >/x"]
    image = wreck.plash("build", *macros)
    run = going(stopping, "run", *macros, "--", "cat", "/middle", "/x", stops_at="before-hold")
    assert rests(run)
    wreck.plash("rm", image)
    run.send_signal(signal.SIGCONT)
    assert rests(run)
    run.send_signal(signal.SIGCONT)
    assert run.communicate(timeout=20)[0] == b"middle\nx\n"


def test_releases_do_not_stop(stage):
    for name in ("bin/plash", "bin/plash-exec", "libexec/plash/plash-import"):
        content = (stage / name).read_bytes()
        assert [word for word in [b"PLASH_TEST", b"in-rm-after-rename", *map(str.encode, PLACES)] if word in content] == []
