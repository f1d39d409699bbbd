"""Any number of plash processes at once."""

import os
import signal
import subprocess
import time

import pytest
from harness import eventually
from images import Archive


def together(plash, commands, **options):
    """Starts all, waits for all; gives each one's status, output and errors."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [plash.start([plash.command, *words], **pipes, **options) for words in commands]
    results = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        results.append((process.returncode, out.decode().strip(), err.decode()))
    return results


@pytest.mark.row("D2")
def test_fifty_builders_of_one_layer(plash, busybox, work):
    """It is built once, and all get the same id."""
    macros = ["build", "--from", busybox, "--run", f": {os.urandom(4).hex()}", "echo ran", "sleep 0.5"]
    results = together(plash, [macros] * 50)
    assert {status for status, _, _ in results} == {0}
    assert len({id for _, id, _ in results}) == 1
    assert sum("\nran\n" in errors for _, _, errors in results) == 1
    waited = {errors for _, _, errors in results if "\nran\n" not in errors and errors}
    assert len(waited) <= 1 and all("which builds the same layer (command line:1: : " in errors for errors in waited)


@pytest.mark.row("D1")
def test_builders_of_different_layers(plash, busybox):
    mark = os.urandom(4).hex()
    results = together(plash, [["build", "--from", busybox, "--run", f"echo {n} >/n # {mark}"] for n in range(50)])
    assert {status for status, _, _ in results} == {0}, results
    ids = [id for _, id, _ in results]
    assert len(set(ids)) == 50
    assert [plash("run", id, "cat", "/n") for id in ids] == [str(n) for n in range(50)]


@pytest.mark.row("D2")
def test_a_builder_takes_over_from_one_that_died(plash, busybox):
    macros = [plash.command, "build", "--from", busybox, "--run", f": {os.urandom(4).hex()}", "echo x >>/count", "sleep 1"]
    first = plash.start(macros, stderr=subprocess.PIPE)
    while b"sleep" not in first.stderr.readline():
        pass
    second = plash.start(macros, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    time.sleep(0.3)
    first.kill()
    first.wait()
    out, _ = second.communicate(timeout=20)
    assert second.returncode == 0
    assert plash("run", out.decode().strip(), "cat", "/count") == "x"


def test_a_builder_that_waits_can_be_interrupted(plash, busybox):
    macros = [plash.command, "build", "--from", busybox, "--run", f": {os.urandom(4).hex()}", "sleep 1"]
    first = plash.start(macros, stderr=subprocess.PIPE)
    while b"sleep" not in first.stderr.readline():
        pass
    second = plash.start(macros, stderr=subprocess.PIPE)
    time.sleep(0.3)
    second.send_signal(signal.SIGINT)
    start = time.monotonic()
    second.wait(timeout=10)
    assert second.returncode == -signal.SIGINT and time.monotonic() - start < 0.5
    first.communicate()
    assert first.returncode == 0


@pytest.mark.row("D3")
def test_imports_of_one_base(fresh):
    results = together(fresh, [["build", "--from-busybox"]] * 20)
    assert {status for status, _, _ in results} == {0}, results
    assert len({id for _, id, _ in results}) == 1
    assert len(os.listdir(fresh.data / "index")) == 1


@pytest.mark.row("D3")
def test_imports_of_one_content(fresh, work):
    """That it is the same, each knows only when it has unpacked it."""
    archive = work / "root.tar"
    for round in range(1, 4):
        archive.write_bytes(Archive().file("noise", os.urandom(1 << 20)).bytes())
        results = together(fresh, [["import-tar", str(archive)]] * 9 + [["import-url", f"file://{archive}"]])
        assert {(status, errors) for status, _, errors in results} == {(0, "")}, results
        assert {id for _, id, _ in results} == {fresh("import-tar", str(archive))}, results
        assert len(os.listdir(fresh.data / "index")) == len(os.listdir(fresh.data / "key")) == round, results


@pytest.mark.row("D8")
def test_first_uses_of_a_store(fresh):
    results = together(fresh, [["init"]] * 100)
    assert {status for status, _, _ in results} == {0}, results
    assert fresh("build", "--from-busybox")


def test_fifty_runs(plash, busybox):
    results = together(plash, [["run", busybox, "sh", "-c", f"echo {n} >/n; cat /n"] for n in range(50)])
    assert [out for _, out, _ in results] == [str(n) for n in range(50)]
    assert {status for status, _, _ in results} == {0}


@pytest.mark.row("D7")
def test_a_name_is_always_one_or_the_other(plash, busybox):
    other = plash("build", "--from", busybox, "--run", ": other")
    plash("map", "flip", busybox)
    words = [["map", "flip", busybox], ["map", "flip", other], ["map", "flip"]] * 34
    results = together(plash, words)
    assert {status for status, _, _ in results} == {0}, results
    assert {out for (_, out, _), command in zip(results, words) if len(command) == 2} <= {busybox, other}
    plash("map", "flip", "")


def test_builds_leave_runs_alone(plash, busybox):
    """What a build clears away is what died, not what lives."""
    runs = [plash.start([plash.command, "run", busybox, "sh", "-c", "echo x >/file; echo up; read line; cat /file"],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PLASH_CHANGES": "disk"}) for _ in range(5)]
    for run in runs:
        run.stdout.readline()
    together(plash, [["build", "--from", busybox, "--run", f": {os.urandom(4).hex()}"] for _ in range(5)])
    assert [run.communicate(b"go\n")[0] for run in runs] == [b"x\n"] * 5


@pytest.mark.row("D11")
def test_a_store_shared_by_two_pid_namespaces(plash, busybox, work):
    """Who is alive is told by locks, never by process numbers."""
    inner = plash.on(work / "data")
    base = inner("build", "--from-busybox")
    (work / "plash").write_bytes((plash.stage / "bin/plash").read_bytes())
    (work / "plash").chmod(0o755)
    outside = inner.start(
        [inner.command, "build", "--from", base, "--run", f": {os.urandom(4).hex()}", "sleep 0.7", "echo kept >/file"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while b"sleep" not in outside.stderr.readline():
        pass
    script = f"PLASH_DATA={inner.data} {work}/plash build --from {base} --run ': {os.urandom(4).hex()}'"
    plash("run", busybox, "unshare", "-pf", "sh", "-c", script)
    out, _ = outside.communicate()
    assert outside.returncode == 0 and inner("run", out.decode().strip(), "cat", "/file") == "kept"
    assert eventually(lambda: not inner.leftovers())
