"""What the commands ask of the kernel, and in which order."""

import os
import re

import pytest
from harness import impossible


@pytest.fixture
def traced(plash, work):
    """Runs a command under strace and gives the lines of the trace, each as (process, call)."""
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")

    def trace(calls, *words):
        log = work / "trace"
        strace = ["strace", "-f", "-qq", "-y", "-s", "300", "-o", str(log), "-u", plash.account.name, "-e", f"trace={calls}"]
        result = plash.host(*strace, *words, as_root=True)
        assert result.status == 0, result
        return [tuple(line.split(None, 1)) for line in log.read_text(errors="replace").splitlines()]

    return trace


@pytest.fixture
def tool(plash, busybox, work):
    """An executable Plashfile that has been run before."""
    file = work / "tool"
    file.write_text(f"--from {busybox}\n--inline : {work.name}\n--entrypoint-script\nexit 0\n")
    assert plash.execute(file).status == 0
    return file


def programs(trace):
    """What was executed with success; strace shows a call in two parts if others come between."""
    begun, done = {}, []
    for process, call in trace:
        if call.startswith("execve("):
            begun[process] = re.search(r'execve\("([^"]*)"', call)[1]
        if "execve" in call and call.endswith("= 0"):
            done.append(begun[process])
    return done


@pytest.mark.parametrize("command", ["run", "plash-exec"])
def test_a_start_executes_nothing_but_the_id_helpers(plash, busybox, traced, tool, command):
    plash("run", busybox, "true")
    words = [plash.command, "run", busybox, "/bin/true"] if command == "run" else [plash.interpreter, str(tool)]
    trace = traced("execve,clone,clone3,fork,vfork,socket,connect", *words)
    helpers = [] if plash.account.is_root else ["/usr/bin/newgidmap", "/usr/bin/newuidmap"]
    inside = "/bin/true" if command == "run" else "/entrypoint"
    assert sorted(programs(trace)) == sorted([words[0], inside, *helpers])
    assert not [call for _, call in trace if "CLONE_THREAD" in call]
    # The helpers ask a name service for the user.
    assert not [call for process, call in trace if process == trace[0][0] and call.startswith(("socket(", "connect("))]
    assert len({process for process, _ in trace}) == 1 + len(helpers)


def test_a_cached_build_starts_no_process(plash, busybox, traced):
    macros = [plash.command, "build", "--from", busybox, "--run", ": cached", "--layer", "--run", ": too"]
    plash.host(*macros)
    trace = traced("execve,clone,clone3,fork,vfork,unshare,mount,flock", *macros)
    assert len(trace) == 1, trace


def test_eval_asks_for_nothing(plash, traced):
    trace = traced("execve,clone,clone3,fork,vfork,unshare,socket,mkdir,mkdirat", plash.command, "eval", "--apt", "git", "--from-id", "1")
    assert len(trace) == 1, trace


@pytest.mark.row("B4")
def test_a_layer_is_on_disk_before_it_is_seen(plash, busybox, traced):
    """Flush, rename, record, then print: each durable before the next (a power failure at any point loses nothing
    that was printed, and shows nothing that is not whole)."""
    script = f"echo {os.urandom(4).hex()} >/file"
    trace = traced("write,syncfs,fsync,rename,renameat,renameat2,openat,symlinkat", plash.command, "build", "--from", busybox, "--run", script)
    calls = [call for _, call in trace]
    data = re.escape(str(plash.data))

    def position(pattern, after=-1):
        found = [index for index, call in enumerate(calls) if index > after and re.search(pattern, call)]
        assert found, (pattern, "\n".join(calls[-60:]))
        return found[0]

    opened = position(rf'openat\(AT_FDCWD[^,]*, "{data}", [^)]*O_DIRECTORY')
    wrote = position(r"write\(\d+<[^>]*/file>")
    flushed = position(r"syncfs\(", wrote)
    moved = position(r"renameat2\(.*RENAME_NOREPLACE", flushed)
    parent = position(r"fsync\(", moved)
    indexed = position(rf"rename(at|at2)?\(.*<{data}/index>", parent)
    index_flushed = position(rf"fsync\(\d+<{data}/index>", indexed)
    keyed = position(rf"rename(at|at2)?\(.*<{data}/key>", index_flushed)
    key_flushed = position(rf"fsync\(\d+<{data}/key>", keyed)
    printed = position(r'write\(1<[^>]*>, "\d+\\n"', key_flushed)
    assert opened < wrote < flushed < moved < parent < indexed < index_flushed < keyed < key_flushed < printed
    assert len([call for call in calls if call.startswith("syncfs(")]) == 1
    # The descriptor that is flushed was opened before anything was written: a write error in between is reported on it.
    number = re.search(r"syncfs\((\d+)<", calls[flushed])[1]
    assert re.search(rf"= {number}<", calls[opened]), (calls[opened], calls[flushed])


@pytest.mark.row("C6")
@pytest.mark.parametrize("error", ["EIO", "ENOSPC", "EDQUOT"])
def test_a_layer_that_cannot_be_flushed_is_thrown_away(plash, busybox, error):
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")
    before = set(os.listdir(plash.data / "index"))
    macros = [plash.command, "build", "--from", busybox, "--run", f": {os.urandom(4).hex()}"]
    strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-u", plash.account.name, "-e", f"inject=syncfs:error={error}"]
    result = plash.host(*strace, *macros, as_root=True)
    assert (result.status, result.out) == (1, b"") and "plash error: " in result.errors, result
    assert set(os.listdir(plash.data / "index")) == before
    assert plash.leftovers() == []
    assert plash.host(*macros).status == 0


@pytest.mark.parametrize("call", ["renameat2", "syncfs", "fsync", "symlinkat", "openat", "mkdirat", "clone", "wait4"])
def test_a_build_that_is_killed_at_a_call(plash, busybox, call):
    """At each of the first calls of this kind: what was there stays, and the next build succeeds."""
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")
    for number in range(1, 4):
        macros = [plash.command, "build", "--from", busybox, "--run", f"echo {os.urandom(4).hex()} >/file"]
        strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-u", plash.account.name, "-e", f"trace={call}",
                  "-e", f"inject={call}:signal=KILL:when={number}"]
        killed = plash.host(*strace, *macros, as_root=True)
        again = plash.host(*macros)
        assert again.status == 0, (call, number, again)
        assert plash("run", again.text.strip(), "true") == ""
        assert killed.status != 0 or killed.out == again.out, (killed, again)
    if (plash.data / "tmp").exists():
        plash.try_("clean")
