"""Images that want to get out: nothing of the host is read, written or made, whatever they consist of."""

import os
import re
import shlex
from pathlib import Path

import pytest
from harness import impossible, Scratch
from images import Archive

POINTS = ["etc", "proc", "sys", "dev", "tmp", "home", "root"]


@pytest.fixture
def victim(account):
    """A folder of the account's with a file, outside of the folders that runs see."""
    scratch = Scratch("/var/tmp", "plash-victim-")
    (scratch.path / "resolv.conf").write_text("mine\n")
    account.owns(scratch.path / "resolv.conf")
    account.owns(scratch.path)
    yield scratch.path
    scratch.remove()


def contents(folder):
    return {name: (folder / name).read_text() for name in os.listdir(folder)}


def without(name):
    """An archive in which `name` is not a directory yet."""
    return Archive() if name != "etc" else Archive().file("etc", b"")


@pytest.mark.parametrize("changes", ["memory", "disk"])
@pytest.mark.parametrize("relative", [False, True], ids=["absolute", "relative"])
@pytest.mark.parametrize("point", POINTS)
def test_a_mount_point_that_is_a_link_to_the_host(plash, victim, point, relative, changes):
    before, times = contents(victim), os.stat(victim).st_mtime_ns
    target = ("../" * 20 if relative else "/") + str(victim)[1:]
    image = without(point).link(point, target).imported(plash)
    plash.try_("run", image, "true", env={"PLASH_CHANGES": changes})
    plash.try_("build", "--from", image, "--run", "true")
    assert (contents(victim), os.stat(victim).st_mtime_ns) == (before, times)


@pytest.mark.parametrize("target", ["{victim}/resolv.conf", "{victim}/made", "../../../../../..{victim}/made"])
def test_a_resolv_conf_that_is_a_link_to_the_host(plash, victim, target):
    before = contents(victim)
    image = Archive().link("etc/resolv.conf", target.format(victim=victim)).imported(plash)
    with open("/etc/resolv.conf") as file:
        assert plash("run", image, "cat", "/etc/resolv.conf") == file.read().removesuffix("\n")
    assert contents(victim) == before


@pytest.mark.parametrize("point,words,place", [
    ("etc/resolv.conf", ["run", "{id}", "true"], "/etc/resolv.conf"), ("sys", ["run", "{id}", "true"], "/sys"),
    ("mnt", ["run", "--map", "/usr:/mnt/new", "{id}", "true"], "/mnt/new"),
    ("mnt", ["run", "--map", "/usr:{work}/made", "{id}", "true"], "{work}/made"), ("opt", ["run", "{id}", "true"], "{cwd}")])
def test_a_link_into_what_is_mounted_already(plash, work, point, words, place):
    """An empty file or folder was made on the host."""
    (cwd := Path("/opt") / work.name).mkdir()
    try:
        image = Archive().link(point, f"{work}" if point in ("mnt", "opt") else f"{work}/made").imported(plash)
        error = plash.error(*(word.format(id=image, work=work) for word in words), cwd=cwd if point == "opt" else "/")
        assert error == (f"{place.format(work=work, cwd=cwd)} is, or leads to, a place in what is mounted from the host, "
                         "where nothing is made: it has to be there")
        assert os.listdir(work) == []
    finally:
        cwd.rmdir()


def test_a_link_to_what_is_there_is_a_mount_point(plash, work):
    (work / "resolver").write_text("theirs\n")
    image = Archive().link("etc/resolv.conf", f"{work}/resolver").imported(plash)
    with open("/etc/resolv.conf") as file:
        assert plash("run", image, "cat", "/etc/resolv.conf") == file.read().removesuffix("\n")
    assert (work / "resolver").read_text() == "theirs\n"


@pytest.mark.parametrize("command", ["run", "build"])
def test_the_resolv_conf_of_the_host_cannot_be_written(plash, busybox, victim, command):
    """Not by root either: packages that set up a resolver write it. A copy stands in for it here, in a mount namespace
    of its own: whatever plash does, the host's is out of reach."""
    if os.geteuid() != 0:
        impossible("takes root to put a copy in its place")
    words = {"run": ["run", busybox, "sh", "-c", "{}"], "build": ["build", "--from", busybox, "--run", "{}"]}[command]
    words = [word.format("echo owned >/etc/resolv.conf || true") for word in words]
    become = shlex.join(plash.account.wrap() + [plash.command, *words])
    script = f"mount --bind {victim}/resolv.conf /etc/resolv.conf && exec {become}"
    result = plash.host("unshare", "--mount", "--propagation", "private", "sh", "-c", script, as_root=True)
    assert contents(victim) == {"resolv.conf": "mine\n"}, result
    assert "ead-only file system" in result.errors, result


@pytest.mark.parametrize("point", POINTS)
def test_a_mount_point_that_is_a_file(plash, point):
    """One clear line, no trap."""
    image = without(point).file(point, b"a file").imported(plash)
    result = plash.try_("run", image, "true")
    assert result.status in (0, 1) and result.out == b""
    if result.status == 1:
        assert result.errors.startswith("plash error: ") and result.errors.count("\n") == 1
        assert f"/{point}" in result.errors or f"{point}" in result.errors


def test_a_resolv_conf_that_is_a_directory(plash):
    image = Archive().folder("etc/resolv.conf").imported(plash)
    message = plash.error("run", image, "true")
    assert message == "the image has a directory at /etc/resolv.conf, where a file is needed"


def test_links_that_go_in_circles(plash):
    image = Archive().link("tmp", "proc").link("proc", "tmp").link("etc/resolv.conf", "resolv.conf").imported(plash)
    assert re.fullmatch("the image's /[a-z./]+ is a symbolic link that leads in a circle", plash.error("run", image, "true"))


@pytest.mark.parametrize("target", ["/proc/self/root/var/tmp", "/proc/1/root", "/proc/self/cwd", "/dev/fd/3"])
def test_magic_links(plash, victim, target):
    before = contents(victim)
    image = Archive().link("home", target).imported(plash)
    plash.try_("run", image, "true", cwd=victim)
    assert contents(victim) == before


def test_a_working_directory_that_is_a_link_to_the_host(plash, victim):
    """The image has the path, but as a link: what it leads to is inside the image."""
    before = contents(victim)
    image = Archive().link("var", "/..").imported(plash)
    result = plash.try_("run", image, "sh", "-c", "echo made >made; pwd", cwd="/var/tmp")
    assert contents(victim) == before and not os.path.exists("/var/tmp/made"), result


@pytest.mark.row("J16")
def test_a_setuid_file_of_a_layer_is_out_of_reach(plash, busybox):
    """The store is its owner's alone: else every user of the host could become that owner."""
    image = plash("build", "--from", busybox, "--run", "cp /bin/busybox /bin/mine; chmod 4755 /bin/mine")
    if os.geteuid() != 0:
        impossible("takes another user")
    path = str(plash.files(image) / "bin/mine")
    denied = plash.host("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "ls", path, as_root=True)
    assert denied.status != 0 and b"Permission denied" in denied.err


@pytest.mark.parametrize("name", [b"e\x1b]0;x\x07", b"a\rb", b"\xe2\x80\xaex"])
def test_no_control_byte_reaches_the_terminal(plash, busybox, name):
    for words in (["run", busybox, name], ["run", name, "x"], [name], ["map", name, b"1"], ["build", b"--from-id", name],
                  ["build", b"--" + name], ["help", name], ["nodepath", name]):
        errors = plash.try_(*words).err
        assert not any(byte < 32 and byte != 10 or byte == 127 for byte in errors), (words, errors)
        assert b"\xe2\x80\xae" not in errors, (words, errors)
