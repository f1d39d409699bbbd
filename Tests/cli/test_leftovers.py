"""However runs, builds and imports end, a second later there is nothing left of them."""

import os
import random
import signal
import subprocess
import time

import pytest
from harness import eventually, kill_group
from images import Archive

CHANGES = ["memory", "disk"]


@pytest.fixture(params=CHANGES)
def changes(request):
    return {"PLASH_CHANGES": request.param}


def overlays_of(process):
    """The overlays that a process sees."""
    with open(f"/proc/{process.pid}/mountinfo") as mounts:
        return [line for line in mounts if " - overlay " in line]


def test_the_check_sees_what_is_there(plash, busybox):
    """Else it would prove nothing."""
    script = "sleep 60 & echo $!; wait"
    process = plash.start([plash.command, "run", busybox, "sh", "-c", script], stdout=subprocess.PIPE)
    sleeper = int(process.stdout.readline())
    process.kill()
    process.wait()
    seen = plash.leftovers()
    os.kill(sleeper, signal.SIGKILL)
    assert len(seen) == 1 and f"process {sleeper}:" in seen[0]


def test_a_run_has_no_mounts_outside(plash, busybox, changes):
    with open("/proc/self/mountinfo") as mounts:
        before = mounts.read()
    process = plash.start(
        [plash.command, "run", busybox, "sh", "-c", "echo up; exec sleep 60"], stdout=subprocess.PIPE, env=changes)
    process.stdout.readline()
    assert len(overlays_of(process)) >= 1
    with open("/proc/self/mountinfo") as mounts:
        assert mounts.read() == before
    process.kill()
    process.wait()


def test_a_run_that_is_killed(plash, busybox, changes):
    script = "dd if=/dev/zero of=/big bs=1M count=20 2>/dev/null; echo up; exec sleep 60"
    process = plash.start([plash.command, "run", busybox, "sh", "-c", script], stdout=subprocess.PIPE, env=changes)
    process.stdout.readline()
    process.kill()
    process.wait()
    plash.assert_nothing_left()


def test_runs_that_are_killed_at_any_time(plash, busybox, changes):
    """With their whole process group, as a shell's Ctrl-\\ or a timeout does."""
    plash("run", busybox, "true")
    for round in range(25):
        process = plash.start([plash.command, "run", busybox, "sleep", "60"], start_new_session=True, env=changes)
        time.sleep(random.uniform(0, 0.012))
        kill_group(process)
        process.wait()
    plash.assert_nothing_left()


def test_builds_that_are_killed_at_any_time(plash, busybox):
    before = set(os.listdir(plash.data / "index"))
    for round in range(25):
        script = [f": {os.urandom(4).hex()}", "(setsid sleep 60 &)", "echo x >/file", "sleep 60"]
        macros = [plash.command, "build", "--from", busybox, "--run", *script]
        process = plash.start(macros, start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0, 0.02))
        kill_group(process)
        process.wait()
    # What a build that was killed had begun is deleted by the next one.
    plash("build", "--from", busybox, "--run", f": {os.urandom(4).hex()}")
    plash.assert_nothing_left()
    assert len(set(os.listdir(plash.data / "index")) - before) == 1


@pytest.mark.row("E3")
def test_a_build_whose_supervisor_alone_is_killed(plash, busybox):
    process = plash.start(
        [plash.command, "build", "--from", busybox, "--run", f"echo up {os.urandom(4).hex()} >&2", "sleep 60"],
        stderr=subprocess.PIPE)
    while b"sleep" not in process.stderr.readline():
        pass
    process.kill()
    process.wait()
    assert eventually(lambda: not [left for left in plash.leftovers() if left.startswith("process")], 1.0)
    plash("build", "--from", busybox, "--run", f": {os.urandom(4).hex()}")


@pytest.mark.row("E1", "E3")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT], ids=lambda n: n.name)
@pytest.mark.parametrize("whole_group", [False, True], ids=["process", "group"])
def test_a_signal_ends_a_build_and_nothing_remains(plash, busybox, number, whole_group):
    process = plash.start(
        [plash.command, "build", "--from", busybox, "--run", f"echo {os.urandom(4).hex()}", "trap '' INT TERM HUP QUIT",
         "sleep 60"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    while b"+ sleep" not in process.stderr.readline():
        pass
    (kill_group if whole_group else lambda p, n: p.send_signal(n))(process, number)
    out, err = process.communicate(timeout=5)
    assert (process.returncode, out) == (-number, b"")
    assert plash.leftovers() == []


@pytest.mark.row("E1")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_a_signal_ends_an_import_and_nothing_remains(plash, number):
    before = set(os.listdir(plash.data / "index"))
    process = plash.start(
        [plash.command, "import-tar"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(Archive().bytes()[:-11_000])
    process.stdin.flush()
    assert eventually(lambda: list((plash.data / "tmp").glob("*/data/root/*")))
    process.send_signal(number)
    process.wait(timeout=5)
    assert (process.returncode, process.stdout.read()) == (-number, b"")
    assert plash.leftovers() == []
    assert set(os.listdir(plash.data / "index")) == before


def test_a_signal_ends_the_import_of_a_base(plash, work):
    """One that a macro asks for: it is not the macro's fault."""
    os.mkfifo(work / "archive")
    process = plash.start(
        [plash.command, "build", "--from-tar", str(work / "archive")], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert eventually(lambda: len(plash.leftovers()) > 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (-signal.SIGINT, b"", b"")
    assert plash.leftovers() == []


def test_an_import_that_is_killed(plash, busybox):
    process = plash.start(
        [plash.command, "import-tar"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(Archive().bytes()[:-11_000])
    process.stdin.flush()
    assert eventually(lambda: list((plash.data / "tmp").glob("*/data/root/*")))
    process.kill()
    process.wait()
    assert eventually(lambda: not [left for left in plash.leftovers() if left.startswith("process")], 1.0)
    plash("build", "--from", busybox, "--run", f": {os.urandom(4).hex()}")


def test_an_import_of_half_an_archive(plash):
    before = set(os.listdir(plash.data / "index"))
    result = plash.try_("import-tar", input=Archive().bytes()[:-11_000])
    assert (result.status, result.out) == (1, b"")
    assert plash.leftovers() == []
    assert set(os.listdir(plash.data / "index")) == before


def test_a_hundred_runs(plash, busybox, changes):
    """Ten of them killed."""
    for number in range(100):
        process = plash.start([plash.command, "run", busybox, "sh", "-c", "echo x >/file"], env=changes)
        if number % 10 == 0:
            time.sleep(0.004)
            process.kill()
        process.wait()
    plash.assert_nothing_left()


def test_who_reads_the_output_sees_its_end(plash, busybox, changes):
    process = plash.start(
        [plash.command, "run", busybox, "sh", "-c", "echo x >/file; echo done"], stdout=subprocess.PIPE, env=changes)
    start = time.monotonic()
    assert process.stdout.read() == b"done\n"
    assert time.monotonic() - start < 2
    assert process.wait() == 0


def test_changes_on_disk_are_on_disk(plash, busybox):
    env = {"PLASH_CHANGES": "disk"}
    process = plash.start(
        [plash.command, "run", busybox, "sh", "-c", "echo precious >/file; echo up; exec sleep 60"],
        stdout=subprocess.PIPE, env=env)
    process.stdout.readline()
    assert len(list((plash.data / "tmp").glob("*/data/root/file"))) == 1
    # Whoever clears up must leave alone what is in use.
    plash("build", "--from", busybox, "--run", f": {os.urandom(4).hex()}")
    assert len(list((plash.data / "tmp").glob("*/data/root/file"))) == 1
    process.kill()
    process.wait()
    plash.assert_nothing_left()


def test_changes_on_disk_stay_for_what_runs_on(plash, busybox, work):
    """A process that the program leaves behind keeps its root file system."""
    script = f"echo precious >/file; (sleep 0.5; cat /file >{work}/late) & exit 3"
    result = plash.try_("run", busybox, "sh", "-c", script, env={"PLASH_CHANGES": "disk"})
    assert result.status == 3
    assert eventually(lambda: (work / "late").exists() and (work / "late").read_text() == "precious\n")


def test_an_unknown_choice_for_changes(plash, busybox):
    assert plash.error("run", busybox, "true", env={"PLASH_CHANGES": "tape"}) == (
        "PLASH_CHANGES is `tape`; expected `memory` or `disk`")


def test_full_memory_names_the_setting(plash, busybox):
    """The name of the full file system is all that a program can show its user."""
    assert "PLASH_CHANGES=disk" in plash("run", busybox, "df", "-P", "/")

