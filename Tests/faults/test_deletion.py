"""Deleting beside everything else: what is in use stays, what is being deleted is in nobody's way."""

import os
import signal
import subprocess
import time

import pytest
from harness import eventually
from images import Archive


def rests(process):
    """Waits until a process has stopped itself or ended; each stop counts once. Gives whether it has stopped."""
    assert eventually(lambda: process.poll() is not None or os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG))
    return process.returncode is None


def going(plash, *words, stops_at="", **options):
    return plash.start([plash.command, *words], env={"PLASH_TEST_STOP_AT": stops_at}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


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
            assert result.status == 1 and (b"in use" in result.err or b"being built" in result.err), result
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


def go_on(process):
    process.send_signal(signal.SIGCONT)
    return process


def ended(process, seconds=20):
    """What it printed; it has to succeed."""
    out = process.communicate(timeout=seconds)[0].decode().strip()
    assert process.returncode == 0, (process.args, process.returncode, out)
    return out


@pytest.mark.row("D6")
def test_what_has_changed_its_root_is_seen(fresh):
    """The kernel shows such a process none of the mounts that it stands on."""
    base = fresh("build", "--from-busybox")
    image = fresh("build", "--from", base, "--run", "mkdir /jail; cp /bin/busybox /jail; echo mine >/jail/file")
    words = ["chroot", "/jail", "/busybox", "sh", "-c", "echo up; read line; /busybox cat /file"]
    run = going(fresh, "run", image, *words)
    assert run.stdout.readline() == b"up\n"
    for words in (["rm", image], ["rm", base], ["purge", "--yes"]):
        assert fresh.error(*words).endswith(f" is in use by process {run.pid}")
    fresh("prune", "--keep", "0m")
    assert run.communicate(b"go\n", timeout=20)[0] == b"mine\n"
    fresh("rm", image)


THREADS = """
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *other(void *unused) {
  char byte;
  read(0, &byte, 1);
  FILE *file = fopen("/top", "r");
  dprintf(1, "%s", file ? "there" : "gone");
  _exit(0);
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, other, 0);
  dprintf(1, "up\\n");
  pthread_exit(0);
}
"""


@pytest.mark.row("D6")
def test_a_process_without_its_first_thread_is_seen(wreck, work):
    (work / "threads.c").write_text(THREADS)
    subprocess.run(["cc", "-static", "-pthread", "-o", work / "threads", work / "threads.c"], check=True)
    os.chmod(work / "threads", 0o755)
    run = going(wreck.plash, "run", wreck.top, str(work / "threads"))
    assert run.stdout.readline() == b"up\n"
    leader = f"/proc/{run.pid}/stat"
    assert eventually(lambda: open(leader).read().rpartition(")")[2].split()[0] == "Z")
    assert wreck.plash.error("rm", wreck.top) == f"image {wreck.top} is in use by process {run.pid}"
    assert run.communicate(b"x", timeout=20)[0] == b"there"


@pytest.mark.row("D5")
@pytest.mark.parametrize("change", ["built on", "named", "used"])
def test_prune_leaves_what_has_changed_since_it_chose(wreck, stopping, change):
    old = [wreck.plash(*wreck.macros()) for _ in range(2)]
    for hours, id in zip((3, 2), old):
        then = time.time() - hours * 3600
        os.utime(wreck.plash.data / "data" / id, (then, then))
    prune = going(stopping, "prune", "--keep", "1h", stops_at="in-rm-before-data")
    assert rests(prune)
    if change == "built on":
        made = wreck.plash("build", "--from", old[1], "--run", "echo child >/child")
        os.utime(wreck.plash.data / "data" / old[1], (then, then))
    elif change == "named":
        wreck.plash("map", "precious", old[1])
    else:
        wreck.plash("run", old[1], "true")
    assert ended(go_on(prune)) == old[0]
    assert wreck.index() & set(old) == {old[1]}
    if change == "built on":
        assert wreck.plash("run", made, "cat", "/child") == "child"


@pytest.mark.row("D5", "D8")
@pytest.mark.parametrize("words", [["ls"], ["import-tar"]], ids=" ".join)
def test_a_new_store_while_the_old_one_is_purged(wreck, stopping, words):
    purge = going(stopping, "purge", "--yes", stops_at="in-rm-before-data")
    assert rests(purge)
    id = wreck.plash(*words, input=Archive().file("new").bytes())
    ended(go_on(purge))
    if words == ["ls"]:
        assert not wreck.plash.data.exists()
        id = wreck.plash("import-tar", input=Archive().file("new").bytes())
    assert wreck.plash("nodepath", id) and wreck.index() == {id}
    wreck.check_store(repairs=False)


@pytest.mark.row("D5")
def test_the_parent_of_an_added_layer_stays(wreck, stopping, work):
    (work / "layer").mkdir()
    (work / "layer/file").write_text("x")
    wreck.plash.account.owns(work / "layer")
    added = going(stopping, "add-layer", wreck.top, str(work / "layer"), stops_at="after-extract")
    assert rests(added)
    assert wreck.plash.error("rm", wreck.top) == f"image {wreck.top} is in use by another command of plash"
    id = ended(go_on(added))
    assert wreck.plash("run", id, "cat", "/top") == "top"


@pytest.mark.row("D4", "D5")
def test_a_check_during_a_deletion(wreck, stopping):
    """Data that are being deleted belong to no image, and are none of its business. Builds go on at once."""
    remover = going(stopping, "rm", wreck.plash(*wreck.macros()), stops_at="in-rm-before-data")
    assert rests(remover)
    for words in (["fsck"], ["fsck", "--full"]):
        start = time.monotonic()
        assert wreck.plash(*words) == ""
        assert time.monotonic() - start < 5
    start = time.monotonic()
    wreck.plash(*wreck.macros())
    assert time.monotonic() - start < 5
    ended(go_on(remover))


@pytest.mark.row("D5")
@pytest.mark.nightly
def test_a_repair_beside_a_deletion_that_has_stopped(wreck, stopping):
    remover = going(stopping, "rm", wreck.plash(*wreck.macros()), stops_at="in-rm-after-rename")
    assert rests(remover)
    os.truncate(wreck.plash.data / "id_counter", 0)
    result = wreck.plash.try_("fsck", "--repair", timeout=60)
    assert result.status == 2 and "try again when it is done" in result.errors, result
    ended(go_on(remover))


@pytest.mark.row("D5")
def test_two_deletions_of_one_image(wreck, stopping):
    first = going(stopping, "rm", wreck.middle, stops_at="in-rm-after-check")
    assert rests(first)
    others = [going(wreck.plash, "rm", id, stderr=subprocess.PIPE) for id in (wreck.middle, wreck.top)]
    time.sleep(0.1)
    ended(go_on(first))
    for id, other in zip((wreck.middle, wreck.top), others):
        assert other.communicate(timeout=20)[1].decode() == f"plash error: there is no image {id}\n"
        assert other.returncode == 3
    assert wreck.index() == {wreck.base} and os.listdir(wreck.plash.data / "data") == [wreck.base]


@pytest.mark.row("D5")
def test_clean_deletes_what_another_deletes(wreck):
    script = "i=0; while [ $i -lt 1000 ]; do mkdir -p /d/$i/e; i=$((i+1)); done"
    for _ in range(3):
        remover = going(wreck.plash, "rm", wreck.plash("build", "--from", wreck.middle, "--run", f": {os.urandom(6).hex()}", script))
        while remover.poll() is None:
            wreck.plash("clean")
        ended(remover)


@pytest.mark.row("B1")
def test_what_is_noted_of_an_image_is_flushed_before_it_has_its_name(wreck):
    """Otherwise a power failure leaves an empty note, which says that there is nothing to say."""
    log = wreck.plash.data.parent / "calls"
    for words, name in ((["run", wreck.top, "true"], "environment"), (["fsck", "--full"], "contents")):
        wreck.strace("-y", words=words, calls="openat,fsync,renameat,renameat2", log=log)
        calls = log.read_text(errors="replace")
        assert f'{name}' in calls, calls
        lines = [line for line in calls.splitlines() if name in line and ("fsync(" in line or "rename" in line)]
        assert "fsync(" in lines[0] and "rename" in lines[1], lines
    (wreck.plash.data / "data" / wreck.top / "environment").write_bytes(b"")
    assert wreck.plash("run", wreck.top, "sh", "-c", "echo $PATH").startswith("/")


@pytest.mark.row("D8")
def test_purges_at_the_same_time(fresh):
    """What all of them were asked for is done by one."""
    fresh("build", "--from-busybox")
    purges = [fresh.start([fresh.command, "purge", "--yes"], stderr=subprocess.PIPE) for _ in range(6)]
    assert [(purge.communicate()[1], purge.returncode) for purge in purges] == [(b"", 0)] * 6
    assert not fresh.data.exists()


@pytest.mark.row("D4")
def test_checks_at_the_same_time(fresh):
    """They wrote down what a layer contains in one file, and each found that of the others."""
    base = fresh("build", "--from-busybox")
    layers = [word for n in range(5) for word in ("--layer", "--run", f"for i in $(seq 100); do echo {n} >/f{n}-$i; done")]
    fresh("build", "--from", base, *layers)
    checks = [fresh.start([fresh.command, "fsck", "--full"], stdout=subprocess.PIPE) for _ in range(5)]
    assert [check.communicate()[0] for check in checks] == [b""] * 5


@pytest.mark.row("D4")
def test_the_key_of_another_layer_stays(wreck):
    """Two layers can say that they have the same key; who deletes one of them has built the other for nothing."""
    words = wreck.macros()
    other = wreck.plash(*words)
    data = wreck.plash.data / "data"
    (data / wreck.top / "key").write_bytes((data / other / "key").read_bytes())
    wreck.plash("rm", wreck.top)
    assert wreck.plash(*words) == other
