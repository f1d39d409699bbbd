"""More layers than the kernel stacks: nothing fails, nothing is lost, and nobody sees where the seam is."""

import json
import os
import tarfile
import time

import pytest
from harness import impossible

# What the kernel stacks, less the one that root emulation needs.
LIMIT = 499


def deepen(plash, parent, count):
    """An image with `count` more layers, each one small file, moved in as they are."""
    folder = plash.data.parent / f"layers-of-{plash.data.name}"
    step = 'mkdir -p "$2/root" && echo "$3" >"$2/root/n$3" && exec "$0" add-layer "$1" "$2/root"'
    image = parent
    for number in range(count):
        image = plash.host("sh", "-c", step, plash.command, image, str(folder), str(number)).text.strip()
    plash.host("rmdir", str(folder))
    assert image.isdigit()
    return image


def layers(plash, id):
    return json.loads(plash("inspect", id))["lineage"]


def flat_images(plash):
    """Those of the store, for root's eyes: what has all files of another image."""
    return [path.parent.name for path in plash.data.glob("data/*/flattens")]


@pytest.fixture(scope="module")
def deep(shared_store, busybox):
    """An image of as many layers as the kernel stacks; the lowest on the base have what the seam has to merge."""
    script = """mkdir -p /replaced/old /emptied /gone /modes; echo old >/replaced/old/f; echo old >/emptied/f; echo old >/gone/f
        echo twice >/one; ln /one /other; ln -s one /link; chown 12:34 /one; chmod 4751 /one; mkfifo -m 640 /fifo
        chmod 1700 /modes; chown 5:6 /modes; touch -d @1600000000 /modes; touch -h -d @1500000000 /link"""
    image = shared_store("build", "--from", busybox, "--run", script, "--layer", "--run",
                         "rm -r /gone /replaced; mkdir /replaced; echo new >/replaced/new; rm /emptied/f")
    return deepen(shared_store, image, LIMIT - len(layers(shared_store, image)))


@pytest.fixture(scope="module")
def deeper(shared_store, deep):
    return shared_store("build", "--from", deep, "--run", "echo above >/above; rm /n7; rm -r /modes; mkdir /modes")


def test_a_stack_as_high_as_the_kernel_takes_needs_no_seam(plash, deep):
    assert len(layers(plash, deep)) == LIMIT and flat_images(plash) == []
    assert plash("run", deep, "cat", "/n0", "/replaced/new") == "0\nnew"


def test_one_more_layer(plash, deep, deeper):
    assert plash("parent", deeper) == deep
    assert layers(plash, deeper) == layers(plash, deep) + [int(deeper)]
    assert len(flat_images(plash)) == 1
    assert plash("run", deeper, "cat", "/above", "/n0", "/replaced/new") == "above\n0\nnew"
    for gone in ("/n7", "/gone", "/replaced/old", "/emptied/f"):
        assert plash.try_("run", deeper, "test", "-e", gone).status == 1, gone


def test_the_seam_changes_no_file(plash, deep, work):
    """An empty layer above the seam: but for the root directory, which is its own, all is as below."""
    same = plash("create", deep, "true")
    assert layers(plash, same) == layers(plash, deep) + [int(same)]
    found = []
    for name, image in (("below", deep), ("above", same)):
        plash("export-tar", image, str(work / name))
        with tarfile.open(work / name) as archive:
            found.append([(entry.get_info(), entry.pax_headers) for entry in archive if entry.name != "."])
    assert found[0] == found[1] and len(found[0]) > LIMIT
    with tarfile.open(work / "above") as archive:
        one, other = archive.getmember("one"), archive.getmember("other")
        assert other.islnk() and other.linkname == "one" and (one.uid, one.gid, one.mode) == (12, 34, 0o4751)
        modes = archive.getmember("modes")
        assert (modes.uid, modes.gid, modes.mode, modes.mtime) == (5, 6, 0o1700, 1600000000)


def test_the_seam_takes_no_space_for_files(plash, deep, deeper):
    flat, = flat_images(plash)
    binary = plash.data / "data" / flat / "root/bin/busybox"
    assert plash.host("stat", "-c", "%h", str(binary), as_root=os.geteuid() == 0).text.strip() == "2"


def test_the_seam_is_made_once(plash, deep, deeper):
    before = flat_images(plash)
    plash("build", "--from", deep, "--run", "echo another >/another")
    plash("create", deep, "touch", "/x")
    assert flat_images(plash) == before


def test_the_key_does_not_depend_on_the_seam(plash, deep, deeper):
    """A store that made the same layers has the same keys; and what is there is not built again."""
    again = plash.try_("build", "--from", deep, "--run", "echo above >/above; rm /n7; rm -r /modes; mkdir /modes")
    assert (again.text, again.err) == (f"{deeper}\n", b"")


def test_every_command_takes_it(plash, deep, deeper, work):
    def file(folder, name):
        return plash.host("cat", f"{folder}/{name}", as_root=os.geteuid() == 0).text

    for command in ("copy", "shallow-copy"):
        target = plash.data.parent / f"{command}-{work.name}"
        plash(command, deeper, str(target))
        assert (file(target, "above"), file(target, "n0")) == ("above\n", "0\n")
        assert plash.host("test", "-e", f"{target}/n7", as_root=os.geteuid() == 0).status == 1
        plash("sudo", "rm", "-r", str(target))
    assert plash("with-mount", deeper, "cat", "above", "n0") == "above\n0"
    assert "A /above" in plash("diff", deeper).splitlines()
    assert plash("diff", deep, deeper) == plash("diff", deeper)
    assert plash("history", deeper).count("add-layer") == LIMIT - 3
    assert [row["parent"] for row in json.loads(plash("ls", "--json")) if row["id"] == int(deeper)] == [int(deep)]
    assert f"{deep} -> {deeper};" in plash("tree", "--dot")
    if plash.account.is_root:
        script = 'mkdir m && "$0" mount "$1" m && cat m/n0 m/above'
        mounted = plash.host("unshare", "-m", "sh", "-c", script, plash.command, deeper, cwd=str(work))
        assert mounted.text == "0\nabove\n", mounted


def test_what_the_seam_shares_can_be_removed_by_a_run_that_keeps_its_changes(plash, deep, deeper):
    changes = str(plash.data.parent / "changes-of-deep")
    for image in (deep, deeper):
        assert plash("run", "--persist", changes, image, "sh", "-ec", "rm /link /fifo /one /bin/ls; echo /link* /fifo* /one*") == (
            "/link* /fifo* /one*")
        plash("sudo", "rm", "-r", changes)


def test_it_cannot_be_seen_from_outside(plash, deeper):
    flat, = flat_images(plash)
    assert plash.error("run", flat, "true", status=3) == f"there is no image {flat}"
    assert int(flat) not in [row["id"] for row in json.loads(plash("ls", "--json"))]
    assert f"\n{flat} " not in plash("ls") and f" {flat} " not in plash("tree", "--dot")


def test_the_check_knows_it(plash, deeper):
    result = plash.try_("fsck", "--full")
    assert (result.status, result.out) == (0, b""), result


def test_starting_it_takes_no_longer_than_the_layers_below(plash, deep, deeper):
    def best(image):
        def once():
            start = time.monotonic()
            plash("run", image, "true")
            return time.monotonic() - start
        return min(once() for _ in range(7))

    assert best(deeper) < best(deep) * 1.1


def test_two_seams(fresh, user_only):
    base = fresh("build", "--from-busybox")
    image = deepen(fresh, base, 1009)
    lineage = layers(fresh, image)
    assert len(lineage) == 1010 and lineage[0] == int(base) and len(flat_images(fresh)) == 2
    assert fresh("run", image, "cat", "/n0", "/n498", "/n1008") == "0\n498\n1008"
    assert fresh.try_("fsck", "--full").status == 0
    kept = str(lineage[600])
    fresh("rm", str(lineage[700]))
    fresh.error("run", image, "true", status=3)
    assert fresh("run", kept, "cat", "/n0", "/n599") == "0\n599"
    assert len(flat_images(fresh)) == 1
    fresh("rm", str(lineage[600]))
    fresh("rm", str(lineage[499]))
    assert flat_images(fresh) == []
    assert fresh("run", str(lineage[498]), "cat", "/n497") == "497"
    assert len(list((fresh.data / "data").iterdir())) == 499
    assert fresh.try_("fsck", "--full").status == 0


def test_a_build_of_505_layers(fresh, user_only):
    macros = ["--from-busybox"]
    for number in range(504):
        macros += ["--layer", "--run", f"echo {number} >/n{number % 7}"]
    image = fresh("build", *macros)
    assert len(layers(fresh, image)) == 505
    again = fresh.try_("build", *macros)
    assert (again.text, again.err) == (f"{image}\n", b"")
    assert fresh("run", image, "cat", "/n6", "/n0") == "503\n497"
    fresh("rm", str(layers(fresh, image)[0]))
    assert list((fresh.data / "data").iterdir()) == [] and fresh("ls", "--json") == "[]"


def test_a_seam_that_was_cut_off(fresh, user_only):
    """Killed while it is made: it is made anew, and what is left goes with the next build or clean."""
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")
    base = fresh("build", "--from-busybox")
    image = deepen(fresh, base, LIMIT - 1)
    folder = fresh.data.parent / f"one-{fresh.data.name}"
    fresh.host("sh", "-c", 'mkdir "$0"; echo kept >"$0/kept"', str(folder))
    for call in ("linkat", "syncfs", "renameat2"):
        trace = ["strace", "-qqq", "-f", "-o", "/dev/null", "-u", fresh.account.name, "-e", f"inject={call}:signal=KILL"]
        killed = fresh.host(*trace, fresh.command, "add-layer", image, str(folder), as_root=True)
        assert (killed.status, killed.out) == (-9, b""), (call, killed)
        assert fresh.host("test", "-f", f"{folder}/kept").status == 0
    fresh("clean")
    deeper = fresh("add-layer", image, str(folder))
    assert fresh("run", deeper, "cat", "/n0", "/kept") == "0\nkept" and len(flat_images(fresh)) == 1
    assert fresh.try_("fsck", "--full").status == 0
