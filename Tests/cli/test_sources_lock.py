"""`plash lock`, `--refresh`: bases that stay what they are, and bases that are looked up again."""

import hashlib
import os
import re
import subprocess

import pytest
from images import Archive


def image(word):
    """A small root file system that says `word`."""
    return Archive().file("etc/word", word.encode() + b"\n").bytes()


def plashfile(plash, work, *lines, name="tool"):
    path = work / name
    path.write_text("#!/usr/bin/env plash-exec\n" + "\n".join(lines) + "\n")
    plash.account.owns(path)
    return path


def lock_lines(path):
    head, *lines = (path.parent / (path.name + ".lock")).read_text().splitlines()
    assert head.startswith("# plash lock 1:")
    return lines


def test_refresh_looks_again(fresh, site):
    address = site.add("/root.tar", image("one"))
    first = fresh("build", "--from-url", address)
    assert fresh("build", "--from-url", address) == first and site.count("/root.tar") == 1
    assert fresh("build", "--refresh", "--from-url", address) == first and site.count("/root.tar") == 2
    site.add("/root.tar", image("two"))
    assert fresh("build", "--from-url", address) == first
    second = fresh("build", "--refresh", "--from-url", address)
    assert second != first
    assert fresh("build", "--from-url", address) == second
    assert fresh("run", first, "cat", "/etc/word") == "one" and fresh("run", second, "cat", "/etc/word") == "two"


def test_refresh_builds_nothing_again_where_nothing_changed(fresh, site):
    address = site.add("/root.tar", image("one"))
    first = fresh("build", "--from-url", address, "--run", "touch /a")
    result = fresh.try_("build", "--refresh", "--from-url", address, "--run", "touch /a")
    assert result.text.strip() == first and "touch" not in result.errors


def test_run_inline_commands_and_plash_exec_refresh_too(fresh, site, work):
    address = site.add("/root.tar", image("one"))
    tool = plashfile(fresh, work, f"--from-url {address}", "--entrypoint-script", "cat /etc/word")
    assert fresh.execute(tool).text == "one\n"
    site.add("/root.tar", image("two"))
    assert fresh.execute(tool).text == "one\n"
    assert fresh("run", "--refresh", "--from-url", address, "--", "cat", "/etc/word") == "two"
    site.add("/root.tar", image("three"))
    assert fresh.execute("--refresh", tool).text == "three\n"
    site.add("/root.tar", image("four"))
    assert fresh("nodepath", "--refresh", "--from-url", address).startswith(str(fresh.data))
    assert fresh.execute(tool).text == "four\n"


def test_a_locked_plashfile_keeps_its_base(fresh, site, work):
    address = site.add("/root.tar", image("one"))
    tool = plashfile(fresh, work, f"--from-url {address}", "--entrypoint-script", "cat /etc/word")
    assert fresh("lock", str(tool)) == ""
    line, = lock_lines(tool)
    assert re.fullmatch(rf"[0-9a-f]{{64}}  url {address}", line)
    site.add("/root.tar", image("two"))
    assert fresh("run", "--refresh", "--from-url", address, "--", "cat", "/etc/word") == "two"
    for _ in range(2):
        assert fresh.execute(tool).text == "one\n"
        assert fresh("run", fresh("build", "--eval-file", str(tool)), "cat", "/etc/word") == "one"
        assert fresh.execute("--refresh", tool).text == "one\n"
    tool = plashfile(fresh, work, f"--from-url {site.add('/b', image('b'))}", f"--from-url {address}", "--entrypoint-script", "cat /etc/word")
    fresh("lock", str(tool))
    assert len(lock_lines(tool)) == 2 and line in lock_lines(tool) and fresh.execute(tool).text == "one\n"
    fresh("lock", "--refresh", str(tool))
    assert fresh.execute(tool).text == "two\n"


def test_locking_again_gives_the_same_bytes(fresh, site, work):
    site.add("/b", image("b"))
    lines = [f"--from-url {site.add('/a', image('a'))}", f"--from-url {site.address}/b", "--from-busybox"]
    tool = plashfile(fresh, work, *lines)
    fresh("lock", str(tool))
    lock = work / "tool.lock"
    first = lock.read_bytes()
    assert [line.split("  ")[1] for line in lock_lines(tool)] == [
        "busybox", f"url {site.address}/a", f"url {site.address}/b"]
    fresh("lock", "--refresh", str(tool))
    assert lock.read_bytes() == first and sorted(os.listdir(work)) == ["tool", "tool.lock"]


def test_another_machine_gets_the_same_base_or_an_error(fresh, site, work):
    address = site.add("/root.tar", image("one"))
    tool = plashfile(fresh, work, f"--from-url {address}", "--entrypoint-script", "cat /etc/word")
    fresh("lock", str(tool))
    expected = lock_lines(tool)[0][:64]
    other = fresh.on(fresh.data.parent / f"other-{work.name}")
    assert other.execute(tool).text == "one\n"
    other.finish()

    site.add("/root.tar", image("two"))
    third = fresh.on(fresh.data.parent / f"third-{work.name}")
    result = third.execute(tool)
    assert result.status == 1 and result.out == b""
    assert f"the base `url {address}` is not the locked one any more: expected {expected}, found " in result.errors
    assert f"plash lock --refresh {tool}" in result.errors and result.errors.count("plash error") == 1
    third.finish()

    site.pages.clear()
    last = fresh.on(fresh.data.parent / f"last-{work.name}")
    result = last.execute(tool)
    assert result.status == 1 and f"the locked base `url {address}` ({expected}) cannot be had:" in result.errors
    assert "404" in result.errors and f"plash lock --refresh {tool}" in result.errors
    last.finish()


def test_a_base_that_the_lock_does_not_have_is_an_error(fresh, site, work):
    tool = plashfile(fresh, work, f"--from-url {site.add('/a', image('a'))}", "--entrypoint", "/bin/true")
    fresh("lock", str(tool))
    plashfile(fresh, work, f"--from-url {site.add('/b', image('b'))}", "--entrypoint", "/bin/true")
    result = fresh.execute(tool)
    assert result.status == 1
    assert f"{tool}.lock does not have the base `url {site.address}/b`" in result.errors
    assert f"{tool}:2:" in result.errors and site.count("/b") == 0


@pytest.mark.parametrize("line", ["rubbish", "0" * 63 + "  busybox", "0" * 64 + " busybox", "0" * 64 + "  "])
def test_a_damaged_lock_is_an_error(fresh, work, line):
    tool = plashfile(fresh, work, "--from-busybox", "--entrypoint", "/bin/true")
    (work / "tool.lock").write_text(f"# comment\n\n{line}\n")
    result = fresh.execute(tool)
    assert result.status == 1 and f"{tool}.lock:3: not a line of a lock file" in result.errors


def test_the_lock_of_the_outermost_plashfile_counts(fresh, site, work):
    address = site.add("/root.tar", image("one"))
    inner = plashfile(fresh, work, f"--from-url {address}", name="inner")
    outer = plashfile(fresh, work, "--eval-file inner", "--entrypoint-script", "cat /etc/word", name="outer")
    fresh("lock", str(inner))
    assert fresh.execute(outer).text == "one\n"
    site.add("/root.tar", image("two"))
    fresh("build", "--refresh", "--from-url", address)
    assert fresh.execute(outer).text == "one\n"
    fresh("lock", str(outer))
    assert fresh.execute(outer).text == "two\n"
    assert fresh("run", "--eval-file", str(inner), "--", "cat", "/etc/word") == "one"


def test_the_lock_lies_beside_the_file_that_a_link_leads_to(fresh, site, work):
    (work / "repository").mkdir()
    fresh.account.owns(work / "repository")
    address = site.add("/root.tar", image("one"))
    tool = plashfile(fresh, work / "repository", f"--from-url {address}", "--entrypoint-script", "cat /etc/word")
    fresh("lock", str(tool))
    (work / "link").symlink_to("repository/tool")
    site.add("/root.tar", image("two"))
    fresh("build", "--refresh", "--from-url", address)
    assert fresh.execute(work / "link").text == "one\n"


def test_bases_of_macros_are_locked_by_what_they_are(fresh, image_server, work):
    image_server.add_image("alpine", "3.23", ("bin/x", b""))
    tool = plashfile(fresh, work, "-f alpine")
    fresh("lock", str(tool), env=image_server.environment())
    line, = lock_lines(tool)
    assert line.split("  ")[1] == "lxc alpine" and ";3.23;" in line.split("  ")[2]


def test_a_build_that_the_image_server_still_has_is_fetched_again(fresh, image_server, work):
    image_server.add_image("alpine", "3.23", clock="12:00")
    tool = plashfile(fresh, work, "--from-lxc alpine:3.23")
    fresh("lock", str(tool), env=image_server.environment())
    image_server.add_image("alpine", "3.23", clock="14:00")
    other = fresh.on(fresh.data.parent / f"other-{work.name}")
    assert other("build", "--eval-file", str(tool), env=image_server.environment()) == "1"
    assert lock_lines(tool)[0][:64] in other("inspect", "1")
    other.finish()
    for path in [path for path in image_server.pages if "_12:00" in path]:
        del image_server.pages[path]
    third = fresh.on(fresh.data.parent / f"third-{work.name}")
    result = third.try_("build", "--eval-file", str(tool), env=image_server.environment())
    assert result.status == 1 and "the locked base `lxc alpine:3.23`" in result.errors and "404" in result.errors
    third.finish()


def test_twenty_that_want_a_locked_base_import_it_once(fresh, site, work):
    address = site.add("/root.tar", image("one"))
    tool = plashfile(fresh, work, f"--from-url {address}")
    fresh("lock", str(tool))
    other = fresh.on(fresh.data.parent / f"other-{work.name}")
    other("init")
    builds = [other.start([other.command, "build", "--eval-file", str(tool)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) for _ in range(20)]
    ids = {build.communicate(timeout=100)[0] for build in builds}
    assert len(ids) == 1 and site.count("/root.tar") == 2
    other.finish()


def test_passwords_stay_out_of_locks(fresh, site, work):
    site.add("/root.tar", image("one"), password=b"me:secret")
    address = site.address.replace("://", "://me:secret@") + "/root.tar"
    tool = plashfile(fresh, work, f"--from-url {address}", "--entrypoint-script", "cat /etc/word")
    fresh("lock", str(tool))
    assert "secret" not in (work / "tool.lock").read_text() and f"url {site.address}/root.tar" in lock_lines(tool)[0]
    other = fresh.on(fresh.data.parent / f"other-{work.name}")
    assert other.execute(tool).text == "one\n"
    other.finish()


def test_tokens_that_change(fresh, site, work):
    """A query says which file is meant, or it is a token: only a digest tells."""
    site.add("/root.tar", image("one"))
    pinned = f"sha256={hashlib.sha256(image('one')).hexdigest()}"

    def tool(token, *options):
        lines = " ".join([f"--from-url {site.address}/root.tar?token={token}", *options])
        return plashfile(fresh, work, lines, "--entrypoint-script", "cat /etc/word")

    fresh("lock", str(tool("s3cret1", pinned)))
    assert lock_lines(work / "tool")[0][66:] == f"url {site.address}/root.tar?... {pinned}"
    before = site.count("/root.tar")
    assert fresh.execute(tool("s3cret2", pinned)).text == "one\n" and site.count("/root.tar") == before
    (work / "tool.lock").unlink()
    assert fresh.execute(tool("s3cret3", pinned)).text == "one\n" and site.count("/root.tar") == before
    # Without a digest it may be another file, and a lock of one says nothing of the other.
    fresh("lock", str(tool("s3cret1")))
    locked = lock_lines(work / "tool")
    site.add("/root.tar", image("two"))
    assert fresh.execute(tool("s3cret1")).text == "one\n"
    result = fresh.execute(tool("s3cret2"))
    assert result.status == 1 and "tool.lock does not have the base `url " in result.errors, result
    assert result.errors.splitlines()[0].endswith(f"; make it again: plash lock {work}/tool")
    assert "s3cret" not in result.errors.splitlines()[0] + (work / "tool.lock").read_text()
    fresh("lock", str(work / "tool"))
    assert fresh.execute(work / "tool").text == "two\n" and lock_lines(work / "tool") != locked
