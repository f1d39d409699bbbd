"""Stores and arguments that are odd, large or none."""

import os
import re
import resource

import pytest
from images import Archive


@pytest.mark.parametrize("end", ["/", "//"])
def test_a_data_directory_with_a_slash_at_its_end(fresh, end):
    fresh("init", env={"PLASH_DATA": f"{fresh.data}{end}"})
    assert fresh.data.stat().st_mode & 0o7777 == 0o700
    assert fresh("ls", "--json") == "[]"


def test_a_folder_with_other_things_is_no_store(fresh, work):
    """Else `purge` would delete them."""
    folder = work / "mine"
    folder.mkdir(mode=0o700)
    (folder / "important").write_text("mine")
    fresh.account.owns(folder)
    for words in (["init"], ["ls"], ["purge", "--yes"]):
        message = fresh.error(*words, env={"PLASH_DATA": str(folder)})
        assert message == f"{folder} has other files in it; set PLASH_DATA to a folder of its own"
    assert os.listdir(folder) == ["important"]


def test_purge_leaves_what_is_none_of_the_stores(fresh):
    Archive().imported(fresh)
    (fresh.data / "important").touch()
    fresh("purge", "--yes")
    assert os.listdir(fresh.data) == ["important"]


@pytest.mark.parametrize("odd", ["file", "link", "lock-folder"])
def test_odd_things_among_what_is_unfinished(fresh, odd):
    """They are in nobody's way, and go."""
    base = Archive().imported(fresh)
    temporary = fresh.data / "tmp"
    if odd == "file":
        (temporary / "zz").touch()
    elif odd == "link":
        (temporary / "zz").symlink_to("/nowhere")
    else:
        (temporary / "zz.lock").mkdir()
    fresh("build", "--from", base, "--run", "echo x >/x")
    fresh("clean")
    assert list(temporary.iterdir()) == []


def test_ids_are_not_those_of_before_when_the_counter_lost_its_end(fresh):
    base = Archive().imported(fresh)
    for number in range(4):
        last = fresh("build", "--from", base, "--run", f": {number}")
    fresh("rm", "3")
    os.truncate(fresh.data / "id_counter", 2)
    assert int(fresh("build", "--from", base, "--run", ": new")) > int(last)


def few():
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))


def test_a_tree_that_is_deeper_than_there_are_descriptors(fresh, user_only):
    base = Archive().imported(fresh)
    script = "i=0; while [ $i -lt 1500 ]; do mkdir d; cd d; i=$((i+1)); done; echo x >f"
    image = fresh("build", "--from", base, "--run", script, preexec_fn=few)
    assert fresh.try_("fsck", "--full", preexec_fn=few).out == b""
    changed = fresh("build", "--from", image, "--run", "rm $(find d -name f)")
    assert fresh("diff", base, image, preexec_fn=few).count("d/d/") >= 1400
    assert fresh("diff", image, changed, preexec_fn=few).splitlines()[-1] == f"D /{'d/' * 1500}f"
    folder = str(fresh.data.parent / "deep-copy")
    fresh("shallow-copy", changed, folder, preexec_fn=few)
    fresh("sudo", "rm", "-r", folder)
    fresh("rm", image, preexec_fn=few)
    assert fresh.try_("build", "--from", base, "--run", script + "; false", preexec_fn=few).status == 1
    assert list((fresh.data / "tmp").iterdir()) == []
    fresh("purge", "--yes", preexec_fn=few)


def test_a_number_may_have_a_mark_behind_it(plash, busybox):
    assert plash("run", busybox, "--", "echo", "hi") == "hi"
    assert plash("with-mount", busybox, "--", "cat", "etc/passwd") != ""


def test_changes_in_no_folder(plash, busybox, work):
    result = plash.try_("run", "--persist", "", busybox, "true", cwd=str(work))
    assert result.status == 2 and list(work.iterdir()) == []


def test_history_tells_where_a_layer_came_from(plash, busybox, work):
    file = work / "Plashfile"
    file.write_text(f"--from {busybox}\n--run\n: {os.urandom(6).hex()}\n--entrypoint /bin/true\n")
    assert plash.execute(file).status == 0
    image = plash("ls").splitlines()[-1].split()[0]
    assert f"build {file}:3" in plash("history", image)


def small():
    resource.setrlimit(resource.RLIMIT_DATA, (16 << 20, 16 << 20))


@pytest.fixture
def many(fresh):
    """A store with 151 images: each on the one before."""
    macros = ["build", "--from", Archive().imported(fresh)]
    for number in range(150):
        macros += ["--layer", "--run", f"echo {number} >/n"]
    fresh(*macros, env={"PLASH_SYNC": "0"})
    return fresh


def test_lists_of_many_images_take_little_memory(many):
    for words in (["ls"], ["tree"], ["df"], ["inspect", "151"], ["history", "151"], ["prune", "-n"]):
        result = many.try_(*words, preexec_fn=small)
        assert (result.status, result.errors) == (0, ""), (words, result)
    assert len(many("ls").splitlines()) == 152 and len(many("history", "151").splitlines()) == 301


@pytest.mark.parametrize("command", ["inspect", "history"])
def test_only_the_images_that_are_asked_for_are_read(many, work, command):
    trace = work / "trace"
    many.account.owns(work)
    many.host("strace", "-f", "-qq", "-o", str(trace), "-e", "trace=openat,newfstatat,statx", many.command, command, "3")
    read = set(re.findall(r'"data/(\d+)', trace.read_text()))
    assert read == {"1", "2", "3"}
