"""What `plash fsck` finds in a store that was damaged by hand, and what `--repair` does about it."""

import hashlib
import json
import os
import shutil

import pytest


def data(wreck, id):
    return wreck.plash.data / "data" / id


def empty_file(wreck):
    os.truncate(data(wreck, wreck.top) / "root/top", 0)


def other_rights(wreck):
    os.chmod(data(wreck, wreck.middle) / "root/middle", 0o4777)


def other_content(wreck):
    """Of the same length; what was in it is known since somebody looked."""
    assert wreck.plash("fsck", "--full") == ""
    with open(data(wreck, wreck.top) / "root/top", "r+b") as file:
        file.write(b"TOP\n")


def one_more_file(wreck):
    (data(wreck, wreck.base) / "root/etc/more").touch()


def other_length(wreck):
    (data(wreck, wreck.top) / "root/top").write_text("topped\n")


def gone_folder(wreck):
    shutil.rmtree(data(wreck, wreck.middle) / "root/d")


def other_kind(wreck):
    path = data(wreck, wreck.middle) / "root/d/e/f"
    path.unlink()
    path.symlink_to("/nowhere")


def other_target(wreck):
    """A link as long as before."""
    path = data(wreck, wreck.top) / "root/link"
    assert wreck.plash("fsck", "--full") == ""
    path.unlink()
    path.symlink_to("/elsewhen_")
    wreck.plash.host("chown", "-h", str(wreck.plash.account.uid), str(path), as_root=True)


def as_before(wreck):
    """A store of before: no list of files in it, one number for what all of a layer's files contain."""
    for folder in (wreck.plash.data / "data").iterdir():
        lines = (folder / "manifest").read_text().splitlines()
        (folder / "manifest").write_text("\n".join(lines[:3]) + "\n")
        (folder / "files").unlink()
        (folder / "contents").unlink(missing_ok=True)
        (folder / "contents").write_text(former_contents(folder / "root"))


def former_contents(root):
    digest = hashlib.sha256()

    def add(folder, path):
        for name in sorted(os.listdir(folder), key=os.fsencode):
            file, below = os.path.join(folder, name), f"{path}{name}"
            if os.path.islink(file):
                digest.update(f"{below}\0{os.readlink(file)}\0".encode())
            elif os.path.isfile(file):
                with open(file, "rb") as content:
                    digest.update(f"{below}\0{os.path.getsize(file)}\0".encode() + content.read())
            elif os.path.isdir(file):
                add(file, f"{below}/")

    add(root, "")
    return digest.hexdigest()


def other_rights_as_before(wreck):
    as_before(wreck)
    other_rights(wreck)


def other_content_as_before(wreck):
    as_before(wreck)
    with open(data(wreck, wreck.top) / "root/top", "r+b") as file:
        file.write(b"TOP\n")


def second_place(wreck, *below):
    """The top image's folder is copied into the base's."""
    place = node(wreck, wreck.top)
    copy = node(wreck, wreck.base) / wreck.top
    wreck.plash.host("cp", "-a", str(place), str(copy))
    for id in below:
        (copy / id).mkdir()
        (copy / id / "_data").symlink_to(f"../../../../../data/{id}")
        wreck.plash.account.owns(copy / id)


def second_place_of_two(wreck):
    """The copied folder has another one in it, which is a copy too."""
    wreck.plash.host("cp", "-a", str(node(wreck, wreck.middle)), str(node(wreck, wreck.base) / "9"))
    os.rename(node(wreck, wreck.base) / "9", wreck.plash.data / "layer/0" / wreck.middle)


def second_place_with_a_layer(wreck):
    """Something stands on the copy alone."""
    image = wreck.plash("build", "--from", wreck.top, "--run", "echo more >/more")
    second_place(wreck)
    shutil.rmtree(node(wreck, image))


def second_place_and_no_index(wreck):
    second_place(wreck)
    (wreck.plash.data / "index" / wreck.top).unlink()


def name_of_a_second_place(wreck):
    """The name and the key are those of the copy."""
    second_place(wreck)
    for path in (wreck.plash.data / "map/mine", key_link(wreck, wreck.top)):
        path.unlink()
        path.symlink_to(f"../layer/0/{wreck.base}/{wreck.top}")


def node(wreck, id):
    """The folder of an image's layer."""
    return wreck.plash.data / "index" / os.readlink(wreck.plash.data / "index" / id)


def key_link(wreck, id):
    return wreck.plash.data / "key" / (data(wreck, id) / "key").read_text()


def root_mode(mode, harm=lambda wreck: None):
    def change(wreck):
        harm(wreck)
        (data(wreck, wreck.top) / "root").chmod(mode)
    return change


def data_link(target):
    def change(wreck):
        path = node(wreck, wreck.middle) / "_data"
        path.unlink()
        if target:
            path.symlink_to(target)
    return change


def data_folder(wreck):
    path = node(wreck, wreck.middle) / "_data"
    path.unlink()
    path.mkdir()


def no_key(wreck):
    (data(wreck, wreck.top) / "key").unlink()


def garbage_key(wreck):
    (data(wreck, wreck.middle) / "key").write_text("garbage")


def no_key_at_all(wreck):
    key_link(wreck, wreck.top).unlink()
    no_key(wreck)


def key_of_another(wreck):
    """The link that leads to it has a name that its script cannot have given it."""
    no_key_at_all(wreck)
    (wreck.plash.data / "key" / ("0" * 64)).symlink_to(os.readlink(wreck.plash.data / "index" / wreck.top))


def wrong_key(wreck):
    """A cached layer that is another's."""
    path = wreck.plash.data / "key" / (data(wreck, wreck.top) / "key").read_text()
    path.unlink()
    path.symlink_to(os.readlink(wreck.plash.data / "index" / wreck.base))


def dangling_name(wreck):
    (wreck.plash.data / "map/nothing").symlink_to("../layer/0/99")


def index_of_another(wreck):
    path = wreck.plash.data / "index" / wreck.top
    path.unlink()
    path.symlink_to(os.readlink(wreck.plash.data / "index" / wreck.middle))


def abandoned(wreck):
    (wreck.plash.data / "tmp/dead").mkdir()
    wreck.plash.account.owns(wreck.plash.data / "tmp/dead")


def counter(wreck):
    os.truncate(wreck.plash.data / "id_counter", 1)


def dead_data(wreck):
    shutil.copytree(data(wreck, wreck.top), data(wreck, "77"), symlinks=True)
    wreck.plash.host("chown", "-R", str(wreck.plash.account.uid), str(data(wreck, "77")), as_root=True)


def attribute(name, file):
    return lambda wreck: os.setxattr(data(wreck, wreck.top) / "root" / file, name, b"y")


def foreign_owner(wreck):
    """An id that is none of the user's: the host's root."""
    os.chown(data(wreck, wreck.top) / "root/top", 0, 0)


def foreign_group_out_of_reach(wreck):
    (data(wreck, wreck.top) / "root/top").chmod(0)
    foreign_owner(wreck)


# What is done; whether the images survive it; what is said.
DAMAGE = {
    "F2": (index_of_another, True, "is not in the index"),
    "F3": (lambda wreck: (wreck.plash.data / "index" / wreck.middle).unlink(), True, "is not in the index"),
    "F4": (lambda wreck: shutil.rmtree(data(wreck, wreck.top) / "root"), False, "its data are gone"),
    "F2-two-places": (second_place, True, "image 3: is in layer/0/1/3 too; the index leads to layer/0/1/2/3"),
    "F2-two-folders": (second_place_of_two, True, "image 2: is in layer/0/2 too; the index leads to layer/0/1/2"),
    "F2-with-a-layer": (second_place_with_a_layer, False, "image 3: is in layer/0/1/3 and in layer/0/1/2/3; delete"),
    "F2-no-index": (second_place_and_no_index, False, "and in layer/0/1/"),
    "F2-names": (name_of_a_second_place, True, "map/mine: leads not to where image 3 is"),
    "F4-mode": (root_mode(0), True, "image 3: its root directory has mode 0 instead of 755"),
    "F4-open": (root_mode(0o777), True, "image 3: its root directory has mode 777 instead of 755"),
    "F4-mode-of-before": (root_mode(0o055, as_before), False, "its root directory has mode 55, which locks its owner out"),
    "F4-no-link": (data_link(None), True, "image 2: layer/0/1/2/_data does not lead to its data"),
    "F4-wrong-link": (data_link("../../../../data/1"), True, "image 2: layer/0/1/2/_data does not lead to its data"),
    "F4-folder": (data_folder, False, "layer/0/1/2/_data: does not belong to the store"),
    "F5": (lambda wreck: shutil.rmtree(data(wreck, wreck.base)), False, "its data are gone"),
    "F6-map": (dangling_name, True, "map/nothing: leads nowhere"),
    "F6-key": (lambda wreck: (wreck.plash.data / "key" / ("0" * 64)).symlink_to("nowhere"), True, "leads nowhere"),
    "F6-wrong-key": (wrong_key, True, "leads nowhere"),
    "F6-no-key-link": (lambda wreck: key_link(wreck, wreck.top).unlink(), True, "image 3: the cache does not find it"),
    "F6-no-key": (no_key, True, "image 3: its key is lost, but known to the cache"),
    "F6-garbage-key": (garbage_key, True, "image 2: its key is lost, but known to the cache"),
    "F6-no-key-at-all": (no_key_at_all, True, "image 3: its key is lost; it can get a new one"),
    "F6-key-of-another": (key_of_another, True, "image 3: its key is lost; it can get a new one"),
    "F7": (counter, True, "id_counter: is behind"),
    "F8": (abandoned, True, "tmp/dead: was left by a process that died"),
    "F9": (lambda wreck: (wreck.plash.data / "mine").touch(), False, "mine: does not belong to the store"),
    "F10-redirect": (attribute("user.overlay.redirect", "d"), False, "d has the attribute user.overlay.redirect, which no layer"),
    "F10-metacopy": (attribute("user.overlay.metacopy", "top"), False, "top has the attribute user.overlay.metacopy"),
    "F10-opaque": (attribute("user.overlay.opaque", "top"), False, "top has the attribute user.overlay.opaque"),
    "F11": (foreign_owner, False, "top belongs to none of your ids"),
    "F11-unreadable": (foreign_group_out_of_reach, False, "top belongs to none of your ids"),
    "F12-rights": (other_rights, False, "image 2: middle has mode 4777 instead of 644"),
    "F12-content": (other_content, False, "image 3: top has other contents than at the last look"),
    "F12-target": (other_target, False, "image 3: link has other contents than at the last look"),
    "F12-more": (one_more_file, False, "image 1: etc/more was not put in"),
    "F12-less": (gone_folder, False, "image 2: d is missing"),
    "F12-kind": (other_kind, False, "image 2: d/e/f is something else than what was put in"),
    "F12-rights-of-before": (other_rights_as_before, False, "image 2: its files are not those that were put in"),
    "F12-content-of-before": (other_content_as_before, False, "image 3: its files are not those that were put in"),
    "F12-manifest": (lambda wreck: (data(wreck, wreck.top) / "manifest").unlink(), False, "has no manifest"),
    "F13": (empty_file, False, "image 3: top is empty; it had 4 bytes"),
    "F13-length": (other_length, False, "image 3: top has 7 bytes instead of 4"),
    "data": (dead_data, True, "data/77: belongs to no image"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(wreck, name):
    harm, is_repairable, words = DAMAGE[name]
    harm(wreck)
    found = wreck.plash.try_("fsck", "--full")
    assert found.status == 2 and words in found.text, found
    repaired = wreck.plash.try_("fsck", "--full", "--repair")
    again = wreck.plash.try_("fsck", "--full")
    if is_repairable:
        assert (repaired.status, again.status, again.out) == (1, 0, b""), (repaired, again)
        wreck.check(repairs=False)
    else:
        assert repaired.status == again.status == 2 and words in again.text, (repaired, again)


def found_by(wreck, *words, status=2):
    result = wreck.plash.try_("fsck", "--json", *words)
    assert result.status == status, result
    return [(finding["kind"], finding["image"], finding["path"], finding["repairable"]) for finding in json.loads(result.out)]


def test_every_file_is_named_once(wreck):
    assert wreck.plash("fsck", "--full") == ""
    empty_file(wreck)
    other_rights(wreck)
    gone_folder(wreck)
    one_more_file(wreck)
    (data(wreck, wreck.base) / "root/etc/new").mkdir()
    (data(wreck, wreck.base) / "root/etc/new/file").touch()
    wreck.plash.host("chown", "-R", str(wreck.plash.account.uid), str(data(wreck, wreck.base) / "root/etc"), as_root=True)
    assert found_by(wreck, status=0) == []
    assert found_by(wreck, "--full") == [
        ("file-added", 1, "data/1/root/etc/more", False), ("file-added", 1, "data/1/root/etc/new", False),
        ("file-missing", 2, "data/2/root/d", False), ("file-mode", 2, "data/2/root/middle", False),
        ("file-empty", 3, "data/3/root/top", False)]


def test_a_store_of_before_is_clean_and_becomes_one_of_now(wreck):
    as_before(wreck)
    assert found_by(wreck, status=0) == found_by(wreck, "--full", status=0) == []
    other_rights(wreck)
    with open(data(wreck, wreck.top) / "root/top", "r+b") as file:
        file.write(b"TOP\n")
    assert found_by(wreck, "--full") == [
        ("file-mode", 2, "data/2/root/middle", False), ("file-contents", 3, "data/3/root/top", False)]


def test_damaged_images_are_listed(wreck):
    for harm in (no_key, garbage_key):
        harm(wreck)
    data_link(None)(wreck)
    rows = json.loads(wreck.plash("ls", "--json"))
    assert [(row["id"], row["parent"], row["damaged"]) for row in rows] == [(1, 0, False), (2, 1, True), (3, 2, True)]
    assert rows[2]["names"] == ["mine"]
    lines = wreck.plash("ls").splitlines()
    assert lines[2].endswith("  damaged, see: plash fsck") and not lines[1].endswith("fsck")
    assert [line.strip()[:1] for line in wreck.plash("tree").splitlines()] == ["1", "2", "3"]
    assert wreck.plash("prune", "--keep", "0", "--max", "0", "-n") == ""
    wreck.plash("clean")
    assert wreck.plash.try_("fsck", "--repair").status == 1
    assert [row["damaged"] for row in json.loads(wreck.plash("ls", "--json"))] == [False] * 3
    wreck.check(repairs=False)


def test_a_damaged_image_is_not_a_missing_one(wreck):
    """Nor is one that stands on it whole."""
    assert wreck.plash.host("rm", "-r", str(data(wreck, wreck.middle) / "root"), as_root=True).status == 0
    words = [["inspect", wreck.middle], ["history", wreck.middle], ["diff", wreck.base, wreck.middle], ["run", wreck.middle, "true"],
             ["run", wreck.top, "true"], ["diff", wreck.base, wreck.top], ["create", wreck.top, "true"], ["export-tar", wreck.top]]
    said = {" ".join(command): wreck.plash.error(*command) for command in words}
    assert set(said.values()) == {f"image {wreck.middle} is damaged, see: plash fsck"}, said
    for listed in ("ls", "tree"):
        damaged = [line.split()[0] for line in wreck.plash(listed).splitlines() if "damaged, see: plash fsck" in line]
        assert damaged == [wreck.middle, wreck.top]
    wreck.plash("rm", wreck.middle)
    assert wreck.plash.error("inspect", wreck.middle, status=3) == f"there is no image {wreck.middle}"


def test_an_image_without_what_it_stands_on_is_listed(wreck):
    (wreck.plash.data / "index" / wreck.middle).unlink()
    assert [line.strip()[:1] for line in wreck.plash("tree").splitlines()] == ["1", "3"]
    assert [base["id"] for base in json.loads(wreck.plash("df", "--json"))["bases"]] == [1, 3]


@pytest.mark.parametrize("harm", [no_key, no_key_at_all], ids=["known", "unknown"])
def test_a_key_that_was_put_back(wreck, harm):
    """The cache finds the layer by the old one; never another layer by a new one. It is as old as it was."""
    build = ["build", "--from", wreck.middle, "--run", "rm -r /d; mkdir /d; echo top >/top; ln -s /somewhere /link"]
    made = data(wreck, wreck.top) / "key"
    old, time = made.read_text(), made.stat().st_mtime_ns // 10**9
    assert wreck.plash(*build) == wreck.top
    harm(wreck)
    assert wreck.plash.try_("fsck", "--repair").status == 1
    assert (made.read_text() == old) == (harm is no_key) and len(made.read_text()) == 64
    assert abs(made.stat().st_mtime_ns // 10**9 - time) <= 1
    assert (wreck.plash(*build) == wreck.top) == (harm is no_key)
    wreck.plash("build", "--from", wreck.top, "--run", "true")


def on_a_mount(wreck, place, *words):
    """plash where a layer's data are mounted on a place of its store. The shell stays: a namespace that nobody is in any more
    loses its mounts, and what plash has opened there would show what is below."""
    script = 'mount --bind "$0" "$1" && shift && "$@"; exit $?'
    mount = ["unshare", "--mount", "sh", "-c", script, str(data(wreck, wreck.base) / "root"), str(place)]
    return wreck.plash.host(*mount, *wreck.plash.account.wrap(), wreck.plash.command, *words, as_root=True)


@pytest.mark.parametrize("place", ["root", "root/d"])
def test_something_is_mounted_on_a_layer(wreck, place):
    """F14: what is seen there is not the layer's, and neither noted nor compared."""
    for words in (["fsck"], ["fsck", "--full"], ["fsck", "--full", "--repair"]):
        result = on_a_mount(wreck, data(wreck, wreck.top) / place, *words)
        assert (result.status, result.text) == (
            2, f"image 3: something is mounted on data/3/{place}; unmount it\n"), result
    assert not (data(wreck, wreck.top) / "contents").exists()
    wreck.check(repairs=False)


@pytest.mark.parametrize("place", ["root", "root/d"])
def test_nothing_that_is_mounted_on_a_layer_is_deleted(wreck, place):
    """What is mounted there is the base: it would be emptied."""
    folder = data(wreck, wreck.top) / place
    for words in (["rm", wreck.top], ["rm", wreck.base], ["purge", "--yes"]):
        result = on_a_mount(wreck, folder, *words)
        assert (result.status, result.errors) == (
            1, f"plash error: something is mounted on the data of image 3; run: umount {folder}\n"), result
    for words in (["shrink"], ["clean"], ["prune", "--keep", "0s"]):
        assert on_a_mount(wreck, folder, *words).status == 0
    wreck.check(repairs=False)


@pytest.mark.parametrize("place", ["", "root/d"], ids=["itself", "in it"])
def test_nothing_that_is_mounted_in_what_is_left_over_is_deleted(wreck, place):
    """Of a build that was killed; what is mounted there is the base."""
    folder = wreck.plash.data / "tmp" / "0123456789abcdef"
    for part in ["", *place.split("/")]:
        folder = folder / part
        folder.mkdir(exist_ok=True)
        wreck.plash.account.owns(folder)
    for words in (["clean"], wreck.macros(), ["fsck", "--repair"]):
        on_a_mount(wreck, folder, *words)
        assert (data(wreck, wreck.base) / "root/bin/busybox").exists(), words
    wreck.check()


def test_a_store_that_others_can_reach(wreck):
    """F1"""
    wreck.plash.data.chmod(0o755)
    assert "is accessible to other users (mode 755)" in wreck.plash.error("fsck", status=2)


def test_a_run_changes_no_layer(wreck):
    """F14: nothing writes into a layer, also not while it runs."""
    before = wreck.digests[wreck.top]
    wreck.plash("run", wreck.top, "sh", "-c", "echo x >/top; rm -r /bin; echo y >/new")
    assert wreck.old_digests()[wreck.top] == before
    wreck.check(repairs=False)


# What must not cost an image


def copied_folder(wreck):
    """As the folder of an image that is not there; fsck says that its data are gone, and to delete it."""
    shutil.copytree(wreck.plash.data / f"layer/0/{wreck.base}/{wreck.middle}", wreck.plash.data / f"layer/0/{wreck.base}/8", symlinks=True)
    own(wreck, wreck.plash.data / f"layer/0/{wreck.base}/8")
    wreck.plash("rm", "8")


def link_in_the_tree(wreck):
    (wreck.plash.data / "layer/0/7").symlink_to(wreck.base)
    wreck.plash.try_("fsck", "--repair")
    (wreck.plash.data / "layer/0/7").unlink()


def file_in_the_tree(wreck):
    (wreck.plash.data / "layer/0/9").touch()
    assert found_by(wreck) == [("foreign-name", None, "layer/0/9", False)]
    (wreck.plash.data / "layer/0/9").unlink()


def lost_folder(wreck):
    """With all that is in it: the index still tells."""
    (wreck.plash.data / f"layer/0/{wreck.base}").rename(wreck.plash.data.parent / "lost")
    wreck.plash("clean")
    assert [finding[:2] for finding in found_by(wreck)] == [("lost-place", 1), ("lost-place", 2), ("lost-place", 3)]


def closed_data(wreck):
    """What cannot be looked at is not gone."""
    folder = data(wreck, wreck.top)
    folder.chmod(0)
    os.chown(folder, 0, 0)
    assert wreck.plash.try_("clean").status == 1
    assert not [finding for finding in found_by(wreck) if finding[0] == "layer-without-data"]
    wreck.plash.account.owns(folder)
    folder.chmod(0o755)


def odd_name(wreck):
    (wreck.plash.data / "map/new\nline").symlink_to("../layer/0/1")
    assert ("foreign-name", None, "map/new\nline", False) in found_by(wreck)
    wreck.plash("ls")
    wreck.plash("prune", "-n")
    (wreck.plash.data / "map/new\nline").unlink()


def things_of_others(wreck):
    for path in ("map/precious", "index/precious", "key/precious"):
        (wreck.plash.data / path).write_text("mine")
    (wreck.plash.data / "data/mine").mkdir()
    assert sorted(finding[2] for finding in found_by(wreck)) == ["data/mine", "index/precious", "key/precious", "map/precious"]
    wreck.plash.try_("fsck", "--repair")
    for path in ("map/precious", "index/precious", "key/precious"):
        (wreck.plash.data / path).unlink()
    (wreck.plash.data / "data/mine").rmdir()


def missing_folders(wreck):
    """A backup may have left out what is empty."""
    for name in os.listdir(wreck.plash.data / "tmp"):
        (wreck.plash.data / "tmp" / name).unlink()
    (wreck.plash.data / "tmp").rmdir()
    (wreck.plash.data / "map/mine").unlink()
    (wreck.plash.data / "map").rmdir()
    assert wreck.plash.try_("fsck", "--repair").status == 1
    wreck.plash("map", "mine", wreck.top)


def closed_folders(wreck):
    """fsck is root, to whom no mode says anything."""
    for path in ("map", f"data/{wreck.top}", f"layer/0/{wreck.base}/{wreck.middle}"):
        (wreck.plash.data / path).chmod(0o500 if path == "map" else 0)
    assert sorted(finding[2] for finding in found_by(wreck) if finding[0] == "closed-folder") == [
        "data/3", f"layer/0/{wreck.base}/{wreck.middle}", "map"]
    assert wreck.plash.try_("fsck", "--repair").status == 1


def exchanged_keys(wreck):
    """The cache would give one for the other."""
    words = wreck.macros()
    other = wreck.plash(*words)
    first, second = (data(wreck, id) / "key" for id in (wreck.top, other))
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert wreck.plash.try_("fsck", "--repair").status == 1
    assert (first.read_bytes(), second.read_bytes()) == (one, two) and wreck.plash(*words) == other


def pipe_for_a_file(wreck):
    """Whoever opened it waited for somebody to write."""
    (data(wreck, wreck.top) / "key").unlink()
    os.mkfifo(data(wreck, wreck.top) / "key")
    own(wreck, data(wreck, wreck.top) / "key")
    wreck.plash("ls", timeout=5)
    assert wreck.plash.try_("fsck", "--repair", timeout=5).status == 1


def own(wreck, folder):
    wreck.plash.host("chown", "-hR", f"{wreck.plash.account.uid}:{wreck.plash.account.gid}", str(folder), as_root=True)


@pytest.mark.parametrize("harm", [copied_folder, link_in_the_tree, file_in_the_tree, lost_folder, closed_data, odd_name,
                                  things_of_others, missing_folders, closed_folders, exchanged_keys, pipe_for_a_file], ids=lambda harm: harm.__name__)
def test_no_image_is_lost_by(wreck, harm):
    harm(wreck)
    wreck.check()
    assert wreck.images <= wreck.index()
    assert wreck.plash("map", "mine") == wreck.top


def test_what_cannot_be_deleted_is_in_nobodys_way(wreck):
    """Of something left over, of root's perhaps: no build began any more."""
    folder = wreck.plash.data / "tmp/0123456789abcdef"
    folder.mkdir(mode=0o700)
    assert wreck.plash(*wreck.macros()).isdigit()
    assert "tmp/0123456789abcdef" in wreck.plash.error("clean")
    folder.rmdir()
    wreck.check()


def test_a_tree_that_is_deeper_than_any_stack(wreck):
    """It crashed every build, and clean, for good."""
    def deep(folder, levels):
        start = os.open(".", os.O_RDONLY)
        os.chdir(folder)
        for _ in range(levels):
            os.mkdir("z")
            os.chdir("z")
        os.fchdir(start)
        os.close(start)

    left = wreck.plash.data / "tmp/0123456789abcdef"
    left.mkdir()
    deep(left, 20_000)
    own(wreck, left)
    wreck.plash("clean")
    assert not left.exists()
    deep(data(wreck, wreck.top) / "root", 6000)
    own(wreck, data(wreck, wreck.top) / "root/z")
    assert ": File name too long" in wreck.plash.try_("fsck", "--full").text
    wreck.plash("rm", wreck.top)
    wreck.images.remove(wreck.top)
    wreck.check()
