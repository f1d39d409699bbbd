"""What `plash fsck` finds in a store that was damaged by hand, and what `--repair` does about it."""

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
    "F5": (lambda wreck: shutil.rmtree(data(wreck, wreck.base)), False, "its data are gone"),
    "F6-map": (dangling_name, True, "map/nothing: leads nowhere"),
    "F6-key": (lambda wreck: (wreck.plash.data / "key" / ("0" * 64)).symlink_to("nowhere"), True, "leads nowhere"),
    "F6-wrong-key": (wrong_key, True, "leads nowhere"),
    "F7": (counter, True, "id_counter: is behind"),
    "F8": (abandoned, True, "tmp/dead: was left by a process that died"),
    "F9": (lambda wreck: (wreck.plash.data / "mine").touch(), False, "mine: does not belong to the store"),
    "F10-redirect": (attribute("user.overlay.redirect", "d"), False, "d has the attribute user.overlay.redirect, which no layer"),
    "F10-metacopy": (attribute("user.overlay.metacopy", "top"), False, "top has the attribute user.overlay.metacopy"),
    "F10-opaque": (attribute("user.overlay.opaque", "top"), False, "top has the attribute user.overlay.opaque"),
    "F11": (foreign_owner, False, "top belongs to none of your ids"),
    "F11-unreadable": (foreign_group_out_of_reach, False, "top belongs to none of your ids"),
    "F12-rights": (other_rights, False, "its files are not those that were put in"),
    "F12-content": (other_content, False, "its files are not those that were put in"),
    "F12-more": (one_more_file, False, "its files are not those that were put in"),
    "F12-manifest": (lambda wreck: (data(wreck, wreck.top) / "manifest").unlink(), False, "has no manifest"),
    "F13": (empty_file, False, "its files are not those that were put in"),
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
