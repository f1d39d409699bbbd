"""Rows D: what goes on at the same time, in time and out of it."""

import os
import random
import re
import shlex
import signal
import subprocess
import time

import pytest
from harness import Scratch, eventually, impossible
from images import Archive


def step(*lines):
    """A layer that was never made before."""
    return ["--run", f": {os.urandom(6).hex()}", *lines]


def begun(plash, *words, mark=b"+ sleep", **options):
    """A build that has come to its `sleep`."""
    process = plash.start([plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    while mark not in (line := process.stderr.readline()):
        assert line, process.communicate()
    return process


# D4, D5: deleting during builds


def churn(plash, base, seconds, disturb, builders=8):
    """Keeps so many builds of two layers going, and disturbs them ten times a second. Gives how each ended."""
    end = time.monotonic() + seconds
    running, results = [], []
    while time.monotonic() < end or running:
        while time.monotonic() < end and len(running) < builders:
            words = ["build", "--from-id", base, *step("echo x >/x"), "--layer", *step("sleep 0.1; cat /x >/y")]
            running.append(plash.start([plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        disturb()
        time.sleep(0.1)
        for process in [process for process in running if process.poll() is not None]:
            running.remove(process)
            out, err = process.communicate()
            results.append((process.returncode, out.decode().strip(), err.decode()))
    return results


def seconds_of(quick, nightly):
    return pytest.mark.parametrize("seconds", [quick, pytest.param(nightly, marks=pytest.mark.nightly)])


@pytest.mark.row("D4")
@pytest.mark.parametrize("words", [["clean"], ["fsck", "--repair"], ["fsck", "--full"]], ids=" ".join)
@seconds_of(3, 60)
def test_clean_takes_nothing_from_builds(fresh, seconds, words, user_only):
    """Nor does a check find what is on its way, or put it right."""
    base = fresh("build", "--from-busybox")
    results = churn(fresh, base, seconds, lambda: fresh(*words))
    assert results and {status for status, _, _ in results} == {0}, results
    ids = [id for _, id, _ in results]
    assert len(set(ids)) == len(ids)
    assert fresh("run", ids[-1], "cat", "/y") == "x"
    assert fresh.try_("fsck", "--full").out == b""


@pytest.mark.row("D5")
@pytest.mark.parametrize("deletion", ["rm", "shrink", "purge"])
@seconds_of(2, 30)
def test_deleting_leaves_whole_layers_alone(fresh, seconds, deletion):
    """What a build stands on is not deleted, so that no build fails."""
    def base():
        return fresh("build", "--from-busybox", timeout=60)

    def disturb():
        if deletion == "rm":
            ids = [id for id in os.listdir(fresh.data / "index") if id != first]
            result = fresh.try_("rm", random.choice(ids)) if ids else None
        elif deletion == "shrink":
            result = fresh.try_("shrink")
        else:
            result = fresh.try_("purge", "--yes")
        assert result is None or "Fatal" not in result.errors, result

    first = base()
    keep = fresh.start([fresh.command, "run", first, "sh", "-c", "echo up; exec sleep 1000"], stdout=subprocess.PIPE)
    assert keep.stdout.readline() == b"up\n"
    results = churn(fresh, first, seconds, disturb, builders=4)
    assert results and {status for status, _, _ in results} == {0}, results
    # What runs was in the way of nobody and nobody of it.
    assert fresh("run", first, "echo", "whole") == "whole"
    for id in os.listdir(fresh.data / "index"):
        if fresh("parent", id) not in ("0", first):
            assert fresh("run", id, "cat", "/y") == "x"
    keep.kill()
    keep.wait()
    assert fresh.try_("fsck").out == b""
    fresh("clean")
    assert fresh.try_("fsck", "--full").out == b""


@pytest.mark.row("D6")
@pytest.mark.parametrize("changes", ["memory", "disk"])
def test_an_image_that_runs_is_not_deleted(fresh, changes):
    base = fresh("build", "--from-busybox")
    image = fresh("build", "--from-id", base, *step("echo mine >/file"))
    run = fresh.start([fresh.command, "run", image, "sh", "-c", "echo up; read line; cat /file; find /bin /etc | wc -l"],
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PLASH_CHANGES": changes})
    assert run.stdout.readline() == b"up\n"
    for words in (["rm", image], ["rm", base], ["purge", "--yes"]):
        assert fresh.error(*words) == f"image {image} is in use by process {run.pid}"
    for words in (["shrink"], ["clean"], ["prune", "--keep", "0m"], ["fsck", "--repair"]):
        assert fresh.try_(*words).status in (0, 1)
    out, _ = run.communicate(b"go\n")
    assert out.startswith(b"mine\n") and int(out.split()[1]) > 20
    fresh("rm", base)


@pytest.mark.row("D9")
def test_two_runs_on_one_folder_of_changes(plash, busybox, work):
    persist = ["run", "--persist", str(work / "changes"), busybox]
    first = plash.start([plash.command, *persist, "sh", "-c", "echo x >/file; echo up; exec sleep 60"], stdout=subprocess.PIPE)
    assert first.stdout.readline() == b"up\n"
    assert plash.error(*persist, "true") == "another container keeps its changes in the same folder"
    first.kill()
    first.wait()
    assert eventually(lambda: plash.try_(*persist, "cat", "/file").out == b"x\n")


# D10: waiting


@pytest.mark.row("D10")
def test_who_waits_says_for_whom(plash, busybox, work, user_only):
    """After two seconds: the process, the place, the step. What is quicker is not worth a word."""
    file = work / "Plashfile"
    file.write_text(f"--from {busybox}\n--run\nsleep 3.2 # {os.urandom(6).hex()}\n--entrypoint /bin/true\n")
    step = file.read_text().splitlines()[2]
    holder = plash.start([plash.interpreter, str(file)], stderr=subprocess.PIPE)
    while b"+ sleep" not in holder.stderr.readline():
        pass
    begin = time.monotonic()
    waiter = plash.host(plash.interpreter, str(file))
    took = time.monotonic() - begin
    holder.communicate()
    assert (waiter.status, waiter.out) == (0, b""), waiter
    assert waiter.errors == f"plash: waiting for process {holder.pid}, which builds the same layer ({file}:3: {step})\n"
    assert 2 < took < 10
    assert plash.host(plash.interpreter, str(file)).errors == ""


@pytest.mark.row("D10")
def test_a_short_wait_is_not_worth_a_word(plash, busybox):
    words = ["build", "--from", busybox, *step("sleep 0.6")]
    holder = begun(plash, *words)
    assert plash.try_(*words).errors == ""
    holder.communicate()


@pytest.mark.row("D10")
def test_a_wait_for_an_import_names_the_image(plash, work):
    os.mkfifo(work / "archive")
    plash.account.owns(work / "archive")
    words = ["build", "--from-tar", str(work / "archive")]
    holder = plash.start([plash.command, *words], stdout=subprocess.PIPE)
    assert eventually(lambda: list((plash.data / "tmp").glob("*.lock")))
    waiter = plash.start([plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    line = waiter.stderr.readline().decode()
    assert re.fullmatch(rf"plash: waiting for process {holder.pid}, which imports tar:\S+\n", line), line
    (work / "archive").write_bytes(Archive().bytes())
    ids = {process.communicate(timeout=20)[0] for process in (holder, waiter)}
    assert len(ids) == 1 and ids.pop().strip().isdigit()


@pytest.mark.row("D10")
def test_a_lock_that_was_deleted_lets_nobody_in(plash, busybox):
    words = ["build", "--from", busybox, *step("sleep 0.8; echo once >>/count")]
    holder = begun(plash, *words)
    for lock in (plash.data / "tmp").glob("*.lock"):
        lock.unlink()
    plash("clean")
    waiter = plash.try_(*words)
    out, err = holder.communicate()
    assert (holder.returncode, waiter.status) == (0, 0), (err, waiter)
    assert out == waiter.out and waiter.errors == ""
    assert plash("run", out.decode().strip(), "cat", "/count") == "once"
    plash("clean")


@pytest.mark.row("D10")
def test_a_holder_that_is_stopped(plash, busybox, user_only):
    """Is alive: who waits says so, waits on, and can be interrupted."""
    words = ["build", "--from", busybox, *step("sleep 0.3")]
    holder = begun(plash, *words)
    holder.send_signal(signal.SIGSTOP)
    waiters = [plash.start([plash.command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for waiter in waiters:
        assert f"waiting for process {holder.pid}, ".encode() in waiter.stderr.readline()
    waiters[0].send_signal(signal.SIGINT)
    assert waiters[0].wait(timeout=2) == -signal.SIGINT
    holder.send_signal(signal.SIGCONT)
    assert holder.communicate()[0] == waiters[1].communicate()[0] != b""


# D11: two pid namespaces


@pytest.fixture
def elsewhere(fresh):
    """Runs plash in a pid namespace of its own, with a /proc that shows no more than that. Root arranges it."""
    if os.geteuid() != 0:
        impossible("takes root to make a pid namespace for root")

    def run(*words):
        command = shlex.join(fresh.account.wrap() + [fresh.command, *words])
        return fresh.host("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", command, as_root=True)

    return run


@pytest.mark.row("D11")
def test_containers_of_a_namespace_above_are_safe(fresh, elsewhere):
    base = fresh("build", "--from-busybox")
    image = fresh("build", "--from-id", base, *step("echo mine >/file"))
    run = fresh.start([fresh.command, "run", image, "sh", "-c", "echo up; read line; cat /file"],
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert run.stdout.readline() == b"up\n"
    mark = next((fresh.data / "data" / image).glob("ran-in-*"))
    for words in (["rm", image], ["rm", base], ["purge", "--yes"]):
        result = elsewhere(*words)
        assert (result.status, result.errors) == (1, (
            f"plash error: image {image} was run in another pid namespace, whose containers cannot be seen from here: delete it "
            f"there or on the host; if nothing of it runs any more, remove {mark}\n")), result
    for words in (["shrink"], ["clean"], ["prune", "--keep", "0m"], ["fsck", "--repair"]):
        assert elsewhere(*words).status in (0, 1)
    out, _ = run.communicate(b"go\n")
    assert out == b"mine\n"
    # Where it ran it can be deleted, and elsewhere when it is known that nothing runs.
    mark.unlink()
    assert elsewhere("rm", image).status == 0
    fresh("rm", base)


@pytest.mark.row("D11")
def test_what_ran_in_a_namespace_below_can_be_deleted(fresh, elsewhere):
    base = fresh("build", "--from-busybox")
    image = fresh("build", "--from-id", base, *step())
    assert elsewhere("run", image, "true").status == 0
    assert elsewhere("rm", image).status in (0, 1)
    fresh("rm", base)


@pytest.mark.row("D11")
def test_a_container_is_seen_from_another_user_namespace(plash, busybox, work):
    """Plash in plash, on one store: what the outer one runs is in use for the inner one too."""
    inner = plash.on(work / "data")
    base = inner("build", "--from-busybox")
    run = inner.start([inner.command, "run", base, "sh", "-c", "echo up; exec sleep 60"], stdout=subprocess.PIPE)
    assert run.stdout.readline() == b"up\n"
    (work / "plash").write_bytes((plash.stage / "bin/plash").read_bytes())
    (work / "plash").chmod(0o755)
    result = plash.try_("run", busybox, "sh", "-c", f"PLASH_DATA={inner.data} {work}/plash rm {base}")
    assert (result.status, result.errors) == (1, f"plash error: image {base} is in use by process {run.pid}\n"), result
    run.kill()
    run.wait()
    inner("rm", base)


@pytest.mark.row("D11")
@seconds_of(2, 30)
def test_builds_and_cleaning_in_two_namespaces(fresh, elsewhere, seconds):
    base = fresh("build", "--from-busybox")
    others = []

    def disturb():
        result = elsewhere("clean")
        assert result.status == 0, result
        others.append(elsewhere("build", "--from-id", base, *step("echo z >/z")))

    results = churn(fresh, base, seconds, disturb, builders=4)
    assert results and {status for status, _, _ in results} == {0}, results
    assert others and {other.status for other in others} == {0}, others
    assert fresh.try_("fsck", "--full").out == b""


# D12: the clock


@pytest.mark.row("D12")
@pytest.mark.parametrize("offset", [31_536_000, -1])
def test_clocks_that_jump(fresh, offset):
    """Time says nothing about who is alive: the machine is a year older, files are from next year or from 1970."""
    if os.geteuid() != 0:
        impossible("takes root to change a clock")
    base = fresh("build", "--from-busybox")
    build = begun(fresh, "build", "--from-id", base, *step("sleep 1; echo kept >/file"))
    run = fresh.start([fresh.command, "run", base, "sh", "-c", "echo x >/file; echo up; read line; cat /file"],
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PLASH_CHANGES": "disk"})
    assert run.stdout.readline() == b"up\n"
    for path in [fresh.data / "tmp", *(fresh.data / "tmp").iterdir()]:
        stamp = time.time() + offset if offset > 0 else 0
        os.utime(path, (stamp, stamp))
    clock = ["unshare", "--time", "--fork"] + (["--boottime", str(offset), "--monotonic", str(offset)] if offset > 0 else [])
    for words in (["clean"], ["build", "--from-id", base, *step()]):
        result = fresh.host(*clock, *fresh.account.wrap(), fresh.command, *words, as_root=True)
        assert result.status == 0, result
    out, err = build.communicate()
    assert build.returncode == 0, err
    assert fresh("run", out.decode().strip(), "cat", "/file") == "kept"
    assert run.communicate(b"go\n")[0] == b"x\n"


# D13: renames


SWAPPER = """
import ctypes, glob, os, sys, time
libc = ctypes.CDLL(None)
pattern, name, victim = sys.argv[1:]
end = time.monotonic() + 60
swaps = 0
print("up", flush=True)
while time.monotonic() < end:
    for folder in glob.glob(pattern):
        link = folder + "/.swap"
        try: os.symlink(victim, link)
        except OSError: pass
        for _ in range(50):
            if libc.renameat2(-100, link.encode(), -100, (folder + "/" + name).encode(), 2) == 0: swaps += 1
"""


@pytest.fixture
def swapped(plash, account, work):
    """Exchanges a name in the folders that match a pattern with a link to a folder outside, as fast as can be."""
    scratch = Scratch("/var/tmp", "plash-victim-")
    for name in ("resolv.conf", "canary", "file"):
        (scratch.path / name).write_text("canary\n")
        account.owns(scratch.path / name)
    account.owns(scratch.path)
    attackers = []

    def swap(pattern, name):
        attacker = plash.start(["/usr/bin/python3", "-c", SWAPPER, str(pattern), name, str(scratch.path)], stdout=subprocess.PIPE)
        assert attacker.stdout.readline() == b"up\n"
        attackers.append(attacker)
        return scratch.path

    def stop():
        for attacker in attackers:
            attacker.kill()
            attacker.wait()

    swap.stop = stop
    yield swap
    stop()
    state = {path.name: (path.read_text(), path.stat().st_mode) for path in scratch.path.iterdir()}
    scratch.remove()
    assert state == {name: ("canary\n", 0o100644) for name in ("resolv.conf", "canary", "file")}


def repeatedly(seconds, body):
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        body()
        count += 1
    assert count > 1


@pytest.mark.row("D13")
def test_the_attack_works_on_what_trusts_paths(plash, work, swapped):
    """Else the others would prove nothing."""
    (work / "root/etc").mkdir(parents=True)
    plash.account.owns(work / "root")
    plash.account.owns(work / "root/etc")
    swapped(work / "root", "etc")
    assert eventually(lambda: not os.path.islink(work / "root/etc") and os.path.exists(work / "root/etc/canary"))


@pytest.mark.row("D13")
@pytest.mark.parametrize("name", ["etc", "tmp", "dev"])
@seconds_of(0.7, 10)
def test_renames_in_a_layer_during_runs(fresh, swapped, name, seconds):
    image = Archive().folder("etc").folder("tmp").folder("dev").file("etc/resolv.conf", b"x").imported(fresh)
    swapped(fresh.data / "data" / image / "root", name)
    repeatedly(seconds, lambda: fresh.try_("run", image, "sh", "-c", "echo x >/etc/canary; echo x >/etc/file"))


@pytest.mark.row("D13")
@seconds_of(0.7, 10)
def test_renames_in_a_folder_of_changes(plash, busybox, swapped, work, seconds):
    changes = work / "changes"
    plash("run", "--persist", str(changes), busybox, "sh", "-c", "mkdir -p /etc; echo x >/etc/x")
    swapped(changes / "data", "etc")
    repeatedly(seconds, lambda: plash.try_("run", "--persist", str(changes), busybox, "sh", "-c", "echo x >/etc/canary"))


@pytest.mark.row("D13")
@seconds_of(1, 10)
def test_renames_during_imports(fresh, swapped, seconds):
    archive = Archive()
    for number in range(300):
        archive.file(f"etc/{number}", b"x" * 100).file("etc/canary", b"mine").link("etc/file", "x")
    content = archive.bytes()
    swapped(fresh.data / "tmp/*/data/root", "etc")
    repeatedly(seconds, lambda: fresh.try_("import-tar", input=content))
    # What somebody put into a folder that was being deleted is deleted later.
    swapped.stop()
    fresh("clean")


@pytest.mark.row("D13")
@seconds_of(0.7, 10)
def test_renames_during_exports(fresh, swapped, seconds):
    archive = Archive()
    for number in range(100):
        archive.file(f"etc/{number}", b"x" * 100)
    image = archive.file("etc/canary", b"mine").imported(fresh)
    victim = swapped(fresh.data / "data" / image / "root", "etc")

    def export():
        result = fresh.try_("export-tar", image)
        assert b"canary\n" not in result.out
        assert b"Fatal" not in result.err, result

    repeatedly(seconds, export)
