"""Rows E: signals, terminals, and what the caller left behind."""

import fcntl
import http.server
import os
import pty
import random
import resource
import signal
import struct
import subprocess
import termios
import threading
import time

import pytest
from harness import descendants, eventually, impossible, kill_group
from images import Archive

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


@pytest.fixture(scope="module")
def drip():
    """A server that sends an archive a bit at a time, and never all of it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "100000000")
            self.end_headers()
            try:
                while not server.is_closing:
                    self.wfile.write(bytes(5000))
                    time.sleep(0.02)
            except OSError:
                pass

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.is_closing = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/image.tar"
    server.is_closing = True
    server.shutdown()
    server.server_close()
    thread.join()


class Activity:
    """Something that plash does for long, on a terminal of its own."""

    def __init__(self, plash, *words, feed=b"", env=None, through=()):
        self.plash = plash
        self.controller, terminal = pty.openpty()
        reader = self.writer = None
        if feed:
            reader, self.writer = os.pipe()

        def on_terminal():
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        self.process = plash.start(
            [*through, plash.command, *words], stdin=reader if feed else terminal, stdout=subprocess.PIPE, stderr=terminal,
            start_new_session=True, preexec_fn=on_terminal, pass_fds=[terminal], env=env)
        os.close(terminal)
        if feed:
            os.close(reader)
            # All of it is read, whatever a pipe holds.
            with open(self.writer, "wb", closefd=False) as output:
                output.write(feed)

    def shows(self, text):
        """Waits for this on standard error."""
        shown = b""
        while text not in shown:
            shown += os.read(self.controller, 4096)

    def end(self, number, whole_group):
        if not whole_group:
            self.process.send_signal(number)
        elif number == signal.SIGINT:
            os.write(self.controller, b"\x03")
        elif number == signal.SIGQUIT:
            os.write(self.controller, b"\x1c")
        elif number == signal.SIGHUP:
            os.close(self.controller)
            self.controller = -1
        else:
            kill_group(self.process, number)

    def close(self):
        if self.controller >= 0:
            os.close(self.controller)
        if self.writer:
            os.close(self.writer)
        self.process.communicate(timeout=10)


def downloading(plash, busybox, drip):
    activity = Activity(plash, "import-url", drip)
    assert eventually(lambda: any(path.stat().st_size for path in (plash.data / "tmp").glob("*/*") if path.is_file())
                      or any(path.stat().st_size for path in (plash.data / "download").glob("*"))
                      or holds_an_open_file(plash))
    return activity


def holds_an_open_file(plash):
    """A download without a name: the helper has a file in the store open that has no link any more."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for number in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{number}")
                if target.startswith(str(plash.data)) and target.endswith(" (deleted)"):
                    return os.stat(f"/proc/{pid}/fd/{number}").st_size > 0
        except OSError:
            continue
    return False


def extracting(plash, busybox, drip):
    activity = Activity(plash, "import-tar", feed=Archive().file("etc/first", b"x").bytes()[:-11_000])
    assert eventually(lambda: list((plash.data / "tmp").glob("*/data/root/*")))
    return activity


def building(plash, busybox, drip):
    # What two shells echo at the same time is not in lines.
    activity = Activity(plash, "build", "--from", busybox, "--run", f": {os.urandom(6).hex()}", "(setsid sleep 60 &)",
                        "sleep 0.2", "echo x >/file", "sleep 60")
    activity.shows(b"+ sleep 60")
    return activity


def creating(plash, busybox, drip):
    activity = Activity(plash, "create", busybox, "sh", "-c", "echo x >/file; echo up; exec sleep 60")
    return sleeping(activity)


def running(plash, busybox, drip):
    activity = Activity(plash, "run", busybox, "sh", "-c", "echo x >/file; echo up >&2; exec sleep 60")
    return sleeping(activity)


def sleeping(activity):
    """busybox's shell has no ear for SIGQUIT while it still is the shell."""
    activity.shows(b"up")
    assert eventually(lambda: any(words == b"sleep 60 " for _, words in descendants()))
    return activity


def exporting(plash, busybox, drip):
    activity = Activity(plash, "export-tar", busybox)
    assert activity.process.stdout.read(1000)
    return activity


def copying(plash, busybox, drip):
    folder = plash.data.parent / "slow-copy"
    folder.mkdir(exist_ok=True)
    (folder / "cp").write_text('#!/bin/sh\n/bin/cp "$@"; echo copied >&2; sleep 60\n')
    (folder / "cp").chmod(0o755)
    activity = Activity(plash, "copy", busybox, str(plash.data.parent / "a-copy"), env={"PATH": f"{folder}:/usr/bin:/bin"})
    activity.shows(b"copied")
    return activity


@pytest.mark.row("E1")
@pytest.mark.parametrize("whole_group", [False, True], ids=["process", "terminal"])
@pytest.mark.parametrize("number", [*ENDING[:2], *(pytest.param(number, marks=pytest.mark.nightly) for number in ENDING[2:])],
                         ids=lambda number: number.name)
@pytest.mark.parametrize("begin", [downloading, extracting, building, creating, running, exporting, copying])
def test_a_signal_ends_it_and_nothing_remains(plash, busybox, drip, begin, number, whole_group):
    before = set(os.listdir(plash.data / "index"))
    activity = begin(plash, busybox, drip)
    activity.end(number, whole_group)
    assert activity.process.wait(timeout=5) == -number
    activity.close()
    assert eventually(lambda: plash.leftovers() == [], 1.0), plash.leftovers()
    assert set(os.listdir(plash.data / "index")) == before
    assert not (plash.data.parent / "a-copy").exists()


@pytest.mark.row("E2")
def test_signals_one_after_another(plash, busybox):
    """Whoever presses Ctrl-C again does not get more than the first time."""
    macros = ["build", "--from", busybox, "--run", "mkdir /many", "for n in $(seq 500); do echo >/many/$n; done", "sleep 60"]
    for round in range(6):
        activity = Activity(plash, *macros[:4], f": {os.urandom(6).hex()}", *macros[4:])
        activity.shows(b"+ sleep 60")
        end = time.monotonic() + 0.2
        while activity.process.poll() is None and time.monotonic() < end:
            activity.process.send_signal(random.choice(ENDING))
            time.sleep(random.uniform(0, 0.002))
        assert -activity.process.wait(timeout=5) in ENDING
        activity.close()
        assert eventually(lambda: plash.leftovers() == [], 1.0), plash.leftovers()


@pytest.mark.row("E2")
@pytest.mark.parametrize("call", ["syncfs", "renameat2", "renameat", "fsync", "symlinkat", "unlinkat", "flock"])
def test_a_signal_at_a_call_of_a_commit(wreck, call):
    """It comes too late or just in time: the image is there and whole, or there is nothing of it."""
    for number in range(1, 4):
        before = wreck.index()
        result = wreck.strace("-e", f"inject={call}:signal=INT:when={number}", words=wreck.macros(), calls=call)
        made = wreck.index() - before
        assert result.status in (0, -signal.SIGINT), result
        assert b"plash error" not in result.err, result
        if result.status == 0:
            assert made == {result.text.strip()}, result
        left = [path.name for path in (wreck.plash.data / "tmp").iterdir()]
        assert left == [], (call, number, result)
        wreck.check(printed=result.out)


@pytest.mark.row("E2")
def test_a_signal_between_two_layers(wreck):
    """Nothing is waited for at that moment: the next layer does not run to its end first."""
    start = time.monotonic()
    result = wreck.strace("-e", "inject=syncfs:signal=TERM:when=1", calls="syncfs",
                          words=[*wreck.macros(), "--layer", "--run", "sleep 5"])
    assert result.status == -signal.SIGTERM and time.monotonic() - start < 4, result
    wreck.check()


@pytest.mark.row("E2")
@pytest.mark.parametrize("injection", ["signal=SIGTERM", "error=EINTR", "error=ENOMEM"])
def test_a_container_that_is_disturbed_before_its_program_began(wreck, injection):
    """Its script was taken for one that had run, and the empty layer was kept for ever."""
    result = wreck.strace("-e", f"inject=poll:{injection}:when=1", words=wreck.macros("echo precious >/precious"), calls="poll")
    assert result.status == 0 and wreck.plash("run", result.text.strip(), "cat", "/precious") == "precious", result


@pytest.mark.row("E5")
def test_an_alarm_of_the_caller(plash, busybox):
    result = plash.try_("run", busybox, "sleep", "3", preexec_fn=lambda: signal.setitimer(signal.ITIMER_REAL, 0.3))
    assert result.status == -signal.SIGALRM


@pytest.mark.row("E3")
@pytest.mark.parametrize("kind", ["run", "build", "create"])
def test_what_is_killed_takes_all_with_it(plash, busybox, kind):
    """SIGKILL can be caught by nobody. What a run leaves behind is a process of the user's like any other."""
    words = {"run": ["run", busybox, "sh", "-c"], "create": ["create", busybox, "sh", "-c"],
             "build": ["build", "--from", busybox, "--run"]}[kind]
    script = f"trap '' TERM INT HUP; echo up {os.urandom(6).hex()} >&2; sleep 60"
    process = plash.start([plash.command, *words, script], stderr=subprocess.PIPE, start_new_session=True)
    while b"up " not in process.stderr.readline():
        pass
    if kind == "run":
        process.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
        kill_group(process)
    process.kill()
    process.wait()
    assert eventually(lambda: not [left for left in plash.leftovers() if left.startswith("process")], 1.0)
    plash("clean")


def state(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


@pytest.mark.row("E4")
def test_a_build_is_stopped_and_goes_on(plash, busybox):
    """As a shell's job: Ctrl-Z and `fg`."""
    process = plash.start(
        [plash.command, "build", "--from", busybox, "--run", f": {os.urandom(6).hex()}", "sleep 0.4", "echo x >/file"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=os.setpgrp)
    while b"+ sleep" not in process.stderr.readline():
        pass
    kill_group(process, signal.SIGTSTP)
    assert eventually(lambda: state(process.pid) == "T")
    time.sleep(0.1)
    assert process.poll() is None
    kill_group(process, signal.SIGCONT)
    out, _ = process.communicate(timeout=10)
    assert plash("run", out.decode().strip(), "cat", "/file") == "x"


@pytest.mark.row("E4")
def test_the_size_of_the_window(plash, busybox):
    activity = Activity(plash, "run", busybox, "sh", "-c", "trap 'stty size >&2; exit 5' WINCH; echo up >&2; while :; do sleep 0.05; done")
    activity.shows(b"up")
    fcntl.ioctl(activity.controller, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 77, 0, 0))
    activity.shows(b"33 77")
    assert activity.process.wait(timeout=5) == 5
    activity.close()


@pytest.mark.row("E4")
def test_a_shell_in_a_build_does_not_take_the_terminal(plash, busybox):
    """Ctrl-C was the shell's, and the build went on."""
    activity = Activity(plash, "build", "--from", busybox, "--run", f"sh -i -c 'echo up; sleep 60'; sleep 60; : {os.urandom(6).hex()}")
    activity.shows(b"\r\nup")
    os.write(activity.controller, b"\x03")
    assert activity.process.wait(timeout=5) == -signal.SIGINT
    activity.close()


@pytest.mark.row("E4")
def test_the_terminal_is_given_back(plash, busybox):
    """Whoever read from it after `create` was stopped, or read its end."""
    activity = Activity(plash, "create", busybox, "sh", "-i", "-c", "echo up",
                        through=["sh", "-c", '"$@" && read -r line && echo "got $line" >&2', "-"])
    activity.shows(b"up")
    assert eventually(lambda: len(descendants()) == 0 or os.tcgetpgrp(activity.controller) == activity.process.pid)
    os.write(activity.controller, b"this\n")
    activity.shows(b"got this")
    activity.close()


def hostile_dispositions():
    """What a careless parent leaves to its children."""
    for number in (signal.SIGPIPE, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))


@pytest.mark.row("E5")
def test_what_a_careless_parent_leaves(plash, busybox, work):
    """Ignored SIGCHLD and SIGPIPE, all signals blocked: everything works, and inside nothing is left of it."""
    look = "grep -E 'SigBlk|SigIgn' /proc/self/status >&2"
    careless = {"preexec_fn": hostile_dispositions}
    for words in (["run", busybox, "sh", "-c", look], ["build", "--from", busybox, "--run", f": {os.urandom(6).hex()}", look],
                  ["create", busybox, "sh", "-c", look]):
        seen = []
        for options in (careless, {}):
            words = [word if not word.startswith(": ") else f": {os.urandom(6).hex()}" for word in words]
            result = plash.try_(*words, **options)
            seen.append([int(line.split()[1], 16) for line in result.errors.splitlines() if line.startswith("Sig")])
            assert result.status == 0 and len(seen[-1]) == 2, (words, result)
        # Shells ignore some of their own accord.
        assert seen[0] == seen[1] and not seen[0][1] & (1 << signal.SIGPIPE - 1 | 1 << signal.SIGCHLD - 1), (words, seen)
    assert plash("import-tar", input=Archive().bytes(), **careless).isdigit()
    result = plash.host("sh", "-c", f'"$0" run {busybox} sh -c "yes; echo $? >&2" | head -n 1', plash.command, **careless)
    assert result.text == "y\n"


@pytest.mark.row("E5")
def test_blocked_signals_end_a_build_all_the_same(plash, busybox):
    activity = subprocess.PIPE
    process = plash.start([plash.command, "build", "--from", busybox, "--run", f": {os.urandom(6).hex()}", "sleep 60"],
                          stderr=activity, preexec_fn=hostile_dispositions)
    while b"+ sleep" not in process.stderr.readline():
        pass
    process.terminate()
    assert process.wait(timeout=5) == -signal.SIGTERM
    process.stderr.close()
    assert eventually(lambda: plash.leftovers() == [], 1.0)


@pytest.mark.nightly
@pytest.mark.row("E6")
def test_every_exit_status(plash, busybox):
    assert [plash.try_("run", busybox, "sh", "-c", f"exit {n}").status for n in range(256)] == list(range(256))
