"""How the tests use plash: as the people who type its commands do, and as whom."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
TIMEOUT = 120


def impossible(reason):
    """What cannot be tested here: worth a skip at home, a failure in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def accounts():
    """The uids that tests run as."""
    answer = subprocess.run([CHECKOUT / "tools/as-user", "id", "-u"], check=True, capture_output=True, text=True)
    return {"root": 0, "user": int(answer.stdout)}


class Account:
    """Who runs plash: root, or an ordinary user with subordinate ids."""

    def __init__(self, uid):
        entry = pwd.getpwuid(uid)
        self.uid, self.gid, self.name, self.home = uid, entry.pw_gid, entry.pw_name, entry.pw_dir
        self.is_root = uid == 0

    def identity(self):
        """What makes a child of subprocess this user; nothing if we are that user already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path):
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)
        return path

    def wrap(self, *before):
        """Words that start a command as this user after root's words `before`: `unshare -m`, for one."""
        become = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        return [*before, *([] if self.is_root else become)]


class Result:
    """What a finished command left: bytes as they are, text for comparisons."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    text = property(lambda self: self.out.decode(errors="backslashreplace"))
    errors = property(lambda self: self.err.decode(errors="backslashreplace"))

    def __repr__(self):
        return f"<status {self.status}, out {self.text[-2000:]!r}, err {self.errors[-4000:]!r}>"


class Plash:
    """The built commands with a store, used by an account."""

    def __init__(self, stage, account, data):
        self.stage, self.account, self.data = Path(stage), account, Path(data)
        self.command = str(self.stage / "bin/plash")
        self.interpreter = str(self.stage / "bin/plash-exec")
        self.started = []

    def on(self, data):
        """The same on another data directory."""
        return Plash(self.stage, self.account, data)

    def environment(self, **more):
        env = {
            "PATH": f"{self.stage}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": self.account.home,
            "PLASH_DATA": str(self.data),
            "LANG": "C.UTF-8",
        }
        env.update({name: os.environ[name] for name in ("PLASH_DEBIAN_MIRROR",) if name in os.environ})
        env.update(more)
        return {name: value for name, value in env.items() if value is not None}

    def start(self, argv, *, env=None, cwd="/", **options):
        """Starts any command as this account."""
        options.setdefault("stdin", subprocess.DEVNULL)
        environment = self.environment(**(env or {}))
        process = subprocess.Popen(argv, env=environment, cwd=cwd, **self.account.identity(), **options)
        self.started.append(process)
        return process

    def host(self, *argv, input=b"", as_root=False, timeout=TIMEOUT, **options):
        """Runs any command of the host, as this account or (with the same environment) as root."""
        starter = self if not as_root else Plash(self.stage, Account(0), self.data)
        process = starter.start(
            list(argv), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        out, err = process.communicate(input, timeout=timeout)
        starter.started.remove(process)
        return Result(process.returncode, out, err)

    def try_(self, *words, **options):
        """`plash WORDS...`, however it ends."""
        return self.host(self.command, *words, **options)

    def __call__(self, *words, **options):
        """`plash WORDS...`, which has to succeed; gives its standard output without the last newline."""
        result = self.try_(*words, **options)
        assert result.status == 0, result
        return result.text.removesuffix("\n")

    def execute(self, file, *words, **options):
        """`plash-exec FILE WORDS...`, however it ends."""
        return self.host(self.interpreter, str(file), *words, **options)

    def error(self, *words, status=1, **options):
        """`plash WORDS...`, which has to fail with one line; gives it without `plash error: `."""
        result = self.try_(*words, **options)
        assert result.status == status, result
        assert result.out == b"", result
        assert result.errors.startswith("plash error: ") and result.errors.count("\n") == 1, result
        return result.errors.removeprefix("plash error: ").removesuffix("\n")

    def script(self, *lines):
        """Macros that run shell lines."""
        return ["--run", *lines]

    def files(self, id):
        """Where the files of layer `id` lie, for root's eyes."""
        return Path(self("nodepath", id)) / "_data/root"

    # What is left of it

    def leftovers(self):
        """What there still is of runs and builds: processes, mounts, unfinished work."""
        found = [f"process {pid}: {words}" for pid, words in descendants()]
        with open("/proc/self/mountinfo") as mounts:
            found += [f"mount {line}" for line in mounts if str(self.data) in line or " overlay plash" in line]
        found += [f"file tmp/{path.name}" for path in (self.data / "tmp").glob("*")]
        return found

    def finish(self):
        """The end of a test: what it started ends, a failed test's too, and nothing may be left."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.started.clear()
        self.assert_nothing_left()

    def assert_nothing_left(self, seconds=1.0):
        """The promise: a second after the last run ended there is nothing of it."""
        eventually(lambda: not self.leftovers(), seconds)
        left = self.leftovers()
        # One failure is enough: the next test begins with a clean store.
        if left and os.geteuid() == 0:
            for path in (self.data / "tmp").glob("*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        assert left == []


def adopt_orphans():
    """From now on every process that the tests start, and that those start, stays a descendant of this one."""
    PR_SET_CHILD_SUBREAPER = 36
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def descendants():
    """The pid and the command line of each living descendant of this process."""
    parents, found = {}, []
    for process in Path("/proc").iterdir():
        try:
            state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
            parents[int(process.name)] = (int(parent), state, (process / "cmdline").read_bytes())
        except (OSError, ValueError):
            continue
    for pid, (parent, state, words) in parents.items():
        ancestor = parent
        while ancestor in parents and ancestor != os.getpid():
            ancestor = parents[ancestor][0]
        if ancestor == os.getpid() and state != "Z":
            found.append((pid, words.replace(b"\0", b" ")))
    return found


def eventually(condition, seconds=10.0):
    """Waits until the condition holds; gives what it last said."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


def kill_group(process, number=signal.SIGKILL):
    """Ends a process that was started with start_new_session, and all in its group."""
    os.killpg(process.pid, number)


class Scratch:
    """A folder below a parent that goes away with everything in it."""

    def __init__(self, parent, prefix, mode=0o755):
        self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        self.path.chmod(mode)

    def remove(self):
        if os.geteuid() == 0:
            subprocess.run(["rm", "-rf", str(self.path)], check=True)
        else:
            subprocess.run(["unshare", "--map-root-user", "--map-auto", "rm", "-rf", str(self.path)], check=True)
