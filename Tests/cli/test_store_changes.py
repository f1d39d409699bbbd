"""The commands that change the store, or keep what runs change."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from harness import eventually, impossible


def used(plash, id, days):
    """As if the image had been used last that many days ago."""
    moment = time.time() - days * 86400
    plash.host("touch", "-d", f"@{int(moment)}", f"{plash.data}/data/{id}")


def age(plash, id):
    return time.time() - (plash.data / "data" / str(id)).stat().st_mtime


def ids(plash):
    return [str(row["id"]) for row in json.loads(plash("ls", "--json"))]


@pytest.fixture
def family(fresh):
    """base <- first <- second, base <- other."""
    base = fresh("build", "--from-busybox")
    first = fresh("build", "--from", base, "--run", "head -c 3000 /dev/zero >/first")
    second = fresh("build", "--from", first, "--run", "head -c 2000 /dev/zero >/second")
    other = fresh("build", "--from", base, "--run", "head -c 1000 /dev/zero >/other")
    fresh("map", "busybox", "")
    return fresh, base, first, second, other


# prune


def test_prune_takes_what_was_not_used_for_a_month(family):
    plash, base, first, second, other = family
    assert plash("prune") == ""
    for id in (base, first, other):
        used(plash, id, 31)
    assert plash("prune", "-n") == other and ids(plash) == [base, first, second, other]
    assert plash("prune") == other and ids(plash) == [base, first, second]
    used(plash, second, 29)
    assert plash("prune") == ""
    used(plash, second, 31)
    assert plash("prune").split() == [second, first, base] and ids(plash) == []


@pytest.mark.parametrize("age", ["10d", "240h", "14400m", "864000s"])
def test_prune_keeps_what_is_younger(family, age):
    plash, base, first, second, other = family
    used(plash, second, 11)
    used(plash, other, 9)
    assert plash("prune", "--keep", age).split() == [second]


def test_prune_by_size(family):
    plash, base, first, second, other = family
    total = json.loads(plash("df", "--json"))["size"]
    used(plash, other, 1)
    used(plash, second, 2)
    assert plash("prune", "-n", "--max", str(total)) == ""
    assert plash("prune", "-n", "--max", str(total - 1)).split() == [second]
    sizes = {str(row["id"]): row["size"] for row in json.loads(plash("ls", "--json"))}
    assert plash("prune", "-n", "--max", str(total - sizes[second] - 1)).split() == [second, other]
    rest = (total - sizes[second] - sizes[other] - 1) // 1024
    assert plash("prune", "-n", "--max", f"{rest}K").split() == [second, other, first]
    assert plash("prune", "--max", "0").split() == [second, other, first, base]
    assert json.loads(plash("df", "--json"))["size"] == 0


def test_prune_leaves_names_and_what_stands_on_them(family):
    plash, base, first, second, other = family
    plash("map", "kept", second)
    for id in (base, first, second, other):
        used(plash, id, 100)
    assert plash("prune", "--max", "0") == other
    assert ids(plash) == [base, first, second]


def test_prune_and_shrink_leave_what_is_in_use(family):
    plash, base, first, second, other = family
    for id in (base, first, second, other):
        used(plash, id, 100)
    running = plash.start([plash.command, "run", second, "sh", "-c", "echo; exec sleep 100"], stdout=subprocess.PIPE)
    running.stdout.readline()
    for id in (base, first, second, other):
        used(plash, id, 100)
    assert plash("prune").split() == [other]
    plash("shrink")
    assert ids(plash) == [base, first, second]
    running.kill()
    running.wait()


@pytest.mark.parametrize("words", [["--keep"], ["--max"], ["more"]], ids=" ".join)
def test_what_prune_does_not_take(fresh, words):
    result = fresh.try_("prune", *words)
    assert (result.status, result.out, result.errors) == (
        2, b"", "usage: plash prune [--keep AGE] [--max SIZE] [-n] [--json]\n")


@pytest.mark.parametrize("option, values, expected", [
    ("--keep", ["30", "x", "d", "1y", "-1d", "+1d", "0x", "1125899906842624d", "9" * 30 + "d"], "`30d`, `12h`, `90m`, `10s` or `0`"),
    ("--max", ["1.5G", "", "G", "1125899906842624T"], "`20G`, `500M`, `64K`, `1T` or bytes")], ids=["keep", "max"])
def test_values_that_prune_does_not_take(fresh, option, values, expected):
    for value in values:
        assert fresh.error("prune", option, value, status=2) == f"{option} is `{value}`; expected {expected}"


def test_what_counts_as_use(family, work):
    plash, base, first, second, other = family
    target = str(plash.data.parent / f"use-{work.name}")
    uses = [["run", first, "true"], ["run", "--from", first, "--", "true"], ["with-mount", first, "true"], ["create", first, "true"],
            ["copy", first, target], ["shallow-copy", first, target], ["export-tar", first, target],
            ["diff", first], ["runopts", "-c", first, "true"], ["build", "--from", first],
            ["build", "--from", base, "--run", "head -c 3000 /dev/zero >/first"],
            ["build", "--from", first, "--run", "touch /new"]]
    for words in uses:
        used(plash, first, 40)
        plash(*words)
        assert age(plash, first) < 60, words
        plash("sudo", "rm", "-rf", target)
    file = work / "tool"
    file.write_text(f"--from {first}\n--entrypoint-script\ntrue\n")
    for _ in range(2):
        image = ids(plash)[-1]
        used(plash, image, 40)
        plash.execute(file)
    assert age(plash, ids(plash)[-1]) < 60
    used(plash, first, 40)
    for words in (["ls"], ["inspect", first], ["history", first], ["tree"], ["df"], ["fsck", "--full"], ["map", "x", first],
                  ["map", "x"], ["nodepath", first], ["parent", first], ["prune", "-n"], ["run", second, "true"]):
        plash(*words)
        assert age(plash, first) > 39 * 86400, words


def test_a_use_in_the_future_is_put_right(family):
    plash, base, first, *_ = family
    plash("run", first, "true")
    used(plash, first, -1000)
    plash("run", first, "true")
    assert age(plash, first) > -60


def test_a_use_is_noted_once_a_minute(family):
    plash, base, first, *_ = family
    plash("run", first, "true")
    used(plash, first, 30 / 86400)
    plash("run", first, "true")
    assert age(plash, first) > 25
    used(plash, first, 90 / 86400)
    plash("run", first, "true")
    assert age(plash, first) < 25


# shrink, clean, purge


def test_shrink_takes_the_older_half(family):
    plash, base, first, second, other = family
    for days, id in enumerate((first, other, second)):
        used(plash, id, days)
    plash("map", "named", second)
    result = plash.try_("shrink")
    assert (result.status, result.out, result.err) == (0, b"", b"")
    assert ids(plash) == [base, first] and plash("map", "named") == ""


def test_clean_takes_what_nothing_uses(family):
    plash, base, first, second, other = family
    before = ids(plash)
    abandoned = plash.data / "tmp/abandoned"
    plash.host("sh", "-c", 'mkdir "$0" && touch "$0/file" "$0.lock" && cd "$1" && ln -s ../layer/0/77 index/77 && ln -s ../layer/0/77 map/gone',
               str(abandoned), str(plash.data))
    result = plash.try_("clean")
    assert (result.status, result.out, result.err) == (0, b"", b"")
    assert os.listdir(plash.data / "tmp") == [] and not (plash.data / "index/77").is_symlink()
    assert not (plash.data / "map/gone").is_symlink() and ids(plash) == before
    assert plash("fsck", "--full") == ""


def test_clean_and_purge_leave_a_build_alone(fresh):
    base = fresh("build", "--from-busybox")
    build = [fresh.command, "build", "--from", base, "--run", "sleep 100"]
    building = fresh.start(build, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    workspace, = eventually(lambda: list((fresh.data / "tmp").glob("*/work")))
    fresh("clean")
    assert workspace.exists()
    assert fresh.error("purge", "--yes").startswith((f"image {base} is in use", "something is being built"))
    building.terminate()
    building.wait()
    assert ids(fresh) == [base]


def test_purge_asks(family):
    plash, *_ = family
    for answer in (b"", b"n\n", b"yes\n", b"Y\n", b"\n", b" y\n"):
        result = plash.try_("purge", input=answer)
        assert (result.status, result.out) == (0, b"") and str(plash.data) in result.errors, result
    assert len(ids(plash)) == 4
    assert plash.try_("purge", input=b"y\n").status == 0
    assert not plash.data.exists() and ids(plash) == []


def test_purge_yes_does_not_ask(family):
    plash, *_ = family
    result = plash.try_("purge", "--yes")
    assert (result.status, result.out, result.err) == (0, b"", b"") and not plash.data.exists()


def test_purge_refuses_while_something_runs(family):
    plash, base, first, *_ = family
    running = plash.start([plash.command, "run", first, "sh", "-c", "echo; exec sleep 100"], stdout=subprocess.PIPE)
    running.stdout.readline()
    assert plash.error("purge", "--yes").startswith(f"image {first} is in use by process ")
    running.kill()
    running.wait()
    assert len(ids(plash)) == 4


# fsck


def test_fsck_of_a_clean_store(family):
    plash, *_ = family
    for words in (["fsck"], ["fsck", "--full"], ["fsck", "--repair"], ["fsck", "--repair", "--full"]):
        result = plash.try_(*words)
        assert (result.status, result.out, result.err) == (0, b"", b"")


def test_fsck_tells_and_repairs(family):
    plash, base, first, second, other = family
    plash.host("rm", str(plash.data / "index" / first))
    for _ in range(2):
        result = plash.try_("fsck")
        assert (result.status, result.text) == (2, f"image {first}: is not in the index\n")
    finding = json.loads(plash.try_("fsck", "--json").out)
    assert finding == [{"kind": "not-indexed", "image": int(first), "path": f"index/{first}",
                        "message": f"image {first}: is not in the index", "repairable": True}]
    result = plash.try_("fsck", "--repair")
    assert (result.status, result.text) == (1, f"image {first}: is not in the index\n")
    assert plash.try_("fsck").status == 0 and plash("run", first, "ls", "/first") == "/first"


def test_fsck_cannot_bring_files_back(family):
    plash, base, first, second, other = family
    plash("sudo", "sh", "-c", f"echo more >>{plash.data}/data/{first}/root/first")
    assert plash.try_("fsck").status == 0
    for words in (["--full"], ["--full", "--repair"]):
        result = plash.try_("fsck", *words)
        assert (result.status, result.text) == (2, f"image {first}: first has 3005 bytes instead of 3000\n")
    finding, = json.loads(plash.try_("fsck", "--full", "--json").out)
    assert (finding["kind"], finding["path"], finding["repairable"]) == ("file-size", f"data/{first}/root/first", False)


@pytest.mark.parametrize("count", [3, 10, 12])
def test_each_file_that_cannot_be_read_is_named(fresh, user_only, count):
    """Ten of them by name."""
    image = fresh("build", "--from-busybox", "--run", f"cd /; for n in $(seq 10 {count + 9}); do echo $n >f$n; done")
    for file in fresh.files(image).glob("f*"):
        os.chown(file, 0, 0)
        file.chmod(0o600)
    result = fresh.try_("fsck", "--full", "--json")
    found = [(finding["kind"], finding["path"]) for finding in json.loads(result.out)]
    names = [path.rpartition("/")[2] for kind, path in found if kind == "unreadable"]
    assert result.status == 2 and names == [f"f{n}" for n in range(10, min(count, 10) + 10)]
    assert [path for kind, path in found if kind == "foreign-owner"] == [f"data/{image}/root/f{n}" for n in range(10, count + 10)]
    more = [line for line in fresh.try_("fsck", "--full").text.splitlines() if line.endswith("more of its files cannot be read")]
    assert more == ([f"image {image}: {count - 10} more of its files cannot be read"] if count > 10 else [])


# copy, shallow-copy, add-layer


@pytest.fixture
def target(plash, work):
    """A path beside the store, in its file system."""
    path = plash.data.parent / f"target-{work.name}"
    yield path
    plash("sudo", "rm", "-rf", str(path))


@pytest.fixture(scope="module")
def varied(shared_store, busybox):
    """An image with what a copy can lose."""
    return shared_store("build", "--from", busybox, "--run", """cd /; mkdir d; echo one >d/f; ln d/f d/g; ln -s f d/l; mkfifo p
        chown 3:4 d/f; chmod 4750 d/f; chmod 1777 d; touch -d @1500000000 d/f; touch -d @1400000000 d; rm /bin/vi""")


@pytest.mark.parametrize("command", ["copy", "shallow-copy"])
def test_a_copy_is_complete(plash, varied, target, command):
    result = plash.try_(command, varied, str(target))
    assert (result.status, result.out, result.err) == (0, b"", b"")
    look = "cd $0; stat -c '%n %F %a %u %g %s %Y' d d/f d/l p; [ d/f -ef d/g ]; readlink d/l; test ! -e bin/vi"
    facts = plash("sudo", "sh", "-euc", look, str(target)).splitlines()
    assert facts[0] == "d directory 1777 0 0 4096 1400000000" or facts[0].endswith(" 1400000000")
    assert facts[1] == "d/f regular file 4750 3 4 4 1500000000" and facts[2].startswith("d/l symbolic link")
    assert facts[3].startswith("p fifo") and facts[4] == "f"


def test_a_copy_can_be_changed_and_a_shallow_one_shares_its_files(plash, varied, target):
    plash("copy", varied, str(target))
    plash("sudo", "sh", "-c", 'echo two >"$0/d/f"', str(target))
    assert plash("run", varied, "cat", "/d/f") == "one"
    plash("sudo", "rm", "-rf", str(target))
    plash("shallow-copy", varied, str(target))
    same = plash("sudo", "sh", "-c", '[ "$0/d/f" -ef "$1" ] && echo same', str(target), f"{plash('nodepath', varied)}/_data/root/d/f")
    assert same == "same"


@pytest.mark.parametrize("command", ["copy", "shallow-copy"])
def test_a_copy_does_not_go_into_what_is_there(plash, busybox, target, command):
    plash.host("mkdir", str(target))
    assert "File exists" in plash.error(command, busybox, str(target))
    assert os.listdir(target) == []
    assert plash.error(command, busybox, f"{target}/none/deep") == f"mkdir {target}/none/deep: No such file or directory"


def test_a_shallow_copy_to_another_file_system(plash, busybox, work):
    if os.stat("/dev/shm").st_dev == os.stat(plash.data).st_dev:
        impossible("no other file system")
    place = f"/dev/shm/{work.name}"
    assert plash.error("shallow-copy", busybox, place).startswith("hard links need a place on the file system of the data directory")
    assert not os.path.exists(place)


def test_a_copy_to_a_relative_path(plash, busybox, work):
    plash("copy", busybox, "here", cwd=str(work))
    assert (work / "here/bin/busybox").exists()


@pytest.mark.parametrize("place", ["store", "/dev/shm"])
def test_add_layer(plash, busybox, work, target, place):
    folder = str(target) if place == "store" else f"/dev/shm/{work.name}"
    plash.host("sh", "-c", 'mkdir -p "$0/sub" && echo new >"$0/sub/file" && ln -s file "$0/sub/link" && chmod 710 "$0/sub"', folder)
    image = plash("add-layer", busybox, folder)
    assert not os.path.exists(folder) and plash("parent", image) == busybox
    assert plash("run", image, "sh", "-c", "cat /sub/link; stat -c '%a %u' /sub; ls /bin/sh") == "new\n710 0\n/bin/sh"


def test_add_layer_on_nothing(plash, busybox, target):
    plash("copy", busybox, str(target))
    image = plash("add-layer", "0", str(target))
    assert plash("parent", image) == "0" and plash("run", image, "echo", "ran") == "ran"


def test_add_layer_keeps_what_an_overlay_says(plash, varied, work):
    """The changes of a run that kept them are a layer: whiteouts too."""
    changes = str(plash.data.parent / f"changes-{work.name}")
    plash("run", "--persist", changes, varied, "sh", "-ec", "rm /bin/ls; rm -r /d; mkdir /d; echo x >/d/y")
    image = plash("add-layer", varied, f"{changes}/data")
    assert plash("run", image, "sh", "-c", "test -e /bin/ls || cat /d/y; echo /d/*") == "x\n/d/y"
    plash("sudo", "rm", "-rf", changes)


def test_a_copy_has_no_group_of_its_parents(plash, busybox, work):
    (work / "shared").mkdir()
    plash.account.owns(work / "shared")
    (work / "shared").chmod(0o2755)
    plash("copy", busybox, f"{work}/shared/copy")
    modes = plash.host("stat", "-c", "%a", f"{work}/shared/copy/bin", as_root=os.geteuid() == 0).text
    plash("sudo", "rm", "-r", f"{work}/shared/copy")
    assert modes == "755\n"


def test_add_layer_of_what_is_no_directory(plash, busybox, work):
    (work / "file").write_text("")
    assert plash.error("add-layer", busybox, str(work / "file")) == f"{work}/file is not a directory"
    (work / "link").symlink_to(work)
    assert plash.error("add-layer", busybox, str(work / "link")) == f"{work}/link is not a directory"
    assert "No such file" in plash.error("add-layer", busybox, str(work / "none"))
    assert (work / "file").exists() and plash.leftovers() == []


def test_add_layer_takes_nothing_of_the_store(fresh):
    """The files of an image would become those of the new one."""
    base = fresh("build", "--from-busybox")
    for folder in (fresh.data, fresh.data.parent, fresh.data / "map", fresh.data / "data" / base / "root/bin", Path("/")):
        assert fresh.error("add-layer", base, str(folder)) == (
            f"{folder} is in the data directory or holds it: choose another directory")
    assert fresh("fsck", "--full") == "" and fresh("run", base, "echo", "ran") == "ran"


def test_add_layer_of_the_current_directory(plash, busybox, work):
    """It cannot be deleted by that name, and is emptied."""
    plash.host("touch", f"{work}/file")
    image = plash("add-layer", busybox, ".", cwd=str(work))
    assert plash("diff", image) == "A /file" and os.listdir(work) == []


def test_add_layer_from_a_folder_of_somebody_else(plash, busybox, work, user_only):
    """It is emptied, and stays; what cannot be emptied is no layer. Both left a layer that nobody was told of."""
    plash.host("mkdir", "-p", f"{work}/theirs/mine/sub", f"{work}/closed")
    plash.host("touch", f"{work}/theirs/mine/sub/file")
    for folder in ("theirs", "closed"):
        os.chown(work / folder, 0, 0)
    image = plash("add-layer", busybox, f"{work}/theirs/mine")
    assert plash("diff", image) == "A /sub\nA /sub/file" and os.listdir(work / "theirs/mine") == []
    before = os.listdir(plash.data / "index")
    assert plash.error("add-layer", busybox, f"{work}/closed") == f"access {work}/closed: Permission denied"
    assert os.listdir(plash.data / "index") == before


def test_add_layer_tells_the_image_whatever_can_be_deleted(plash, busybox, work):
    if os.geteuid() != 0:
        impossible("takes root to make a file immutable")
    plash.host("sh", "-c", 'mkdir "$0/layer" && echo x >"$0/layer/file" && ln -s layer "$0/link"', str(work))
    assert plash.error("add-layer", busybox, f"{work}/link/") == f"{work}/link is not a directory"
    plash.host("chattr", "+i", f"{work}/layer/file", as_root=True)
    image = plash("add-layer", busybox, f"{work}/layer")
    plash.host("chattr", "-i", f"{work}/layer/file", as_root=True)
    assert plash("run", image, "cat", "/file") == "x" and (work / "layer/file").exists()


@pytest.mark.parametrize("words", ["add-layer {id}", "copy {id}", "export-tar {id}", "shallow-copy {id}", "run --map", "mount {id}"])
def test_no_path_is_no_directory(plash, busybox, work, words):
    """The current one was taken, and taken away."""
    (work / "file").write_text("")
    result = plash.try_("sudo", plash.command, *words.format(id=busybox).split(), "", cwd=str(work))
    assert result.status != 0 and result.out == b"" and os.listdir(work) == ["file"], result


def test_relative_paths_in_a_directory_that_was_deleted(plash, busybox, work):
    """They meant the root."""
    script = 'mkdir "$1/gone"; cd "$1/gone"; rmdir "$1/gone"; shift; exec "$0" "$@"'
    for words in (["run", "--map", "tmp", busybox, "true"], ["run", "--persist", "tmp/x", busybox, "true"]):
        result = plash.host("sh", "-c", script, plash.command, str(work), *words)
        assert result.errors == "plash error: getcwd: No such file or directory\n", result


@pytest.mark.parametrize("folder", ["", "new", "data", "map/", "tmp//"])
def test_changes_are_not_kept_in_the_store(fresh, folder):
    image = fresh("build", "--from-busybox")
    before = sorted(os.listdir(fresh.data))
    place = str(fresh.data / folder) + "/" * folder.count("/")
    assert "is in the data directory or holds it: choose another directory" in fresh.error("run", "--persist", place, image, "true")
    assert sorted(os.listdir(fresh.data)) == before


def test_add_layer_of_what_cannot_be_copied(plash, busybox, work, user_only):
    """cp says why, plash with what."""
    plash.host("mkdir", f"{work}/layer")
    (work / "layer/closed").mkdir(mode=0)
    result = plash.try_("add-layer", busybox, f"{work}/layer")
    assert (result.status, result.out) == (1, b"")
    assert result.errors.endswith(f"\nplash error: {work}/layer was not copied into the store: cp ended with exit status 1\n")
    assert plash.leftovers() == []


# mount, with-mount, runopts


def test_with_mount(plash, varied):
    assert plash("with-mount", varied, "sh", "-c", "cat d/f; echo new >d/f; cat d/f; ls bin/vi 2>&1 | wc -l; test -e /proc/self") == "one\nnew\n1"
    assert plash("run", varied, "cat", "/d/f") == "one"
    assert plash.try_("with-mount", varied, "sh", "-c", "exit 7").status == 7
    assert plash.try_("with-mount", varied, "no-such-program").status == 127
    assert plash("with-mount", varied, env={"SHELL": "/bin/pwd"}).startswith("/")


def test_mount(plash, varied, target, work):
    plash.host("mkdir", str(target), f"{target}/m", f"{target}/changes")
    # What covers the store while it is mounted would be in the way of builds.
    script = ('"$0" mount "$1" "$2/m" && cat "$2/m/d/f" && echo changed >"$2/m/d/f"; '
              '"$0" build --from "$1" --run ": $3" >"$2/id" 2>&1; ! "$0" rm "$1" 2>"$2/rm"; umount "$2/m"')
    for _ in range(2):
        words = ["sudo", "sh", "-euc", script, plash.command, varied, str(target), os.urandom(6).hex()]
        assert plash(*words) == "one"
    said = plash.host("cat", f"{target}/rm").text
    assert said == f"plash error: image {varied} is mounted on {target}/m; run: umount {target}/m\n"
    keeping = '"$0" mount "$1" "$2/m" "$2/changes" && cat "$2/m/d/f" && echo changed >"$2/m/d/f"'
    assert [plash("sudo", "sh", "-euc", keeping, plash.command, varied, str(target)) for _ in range(2)] == ["one", "changed"]


def test_a_mount_that_fails_covers_nothing(plash, varied, target):
    """The folder for scratch of the store was covered for good: no build could commit."""
    plash.host("sh", "-c", 'mkdir "$0" && echo x >"$0/file"', str(target))
    for place, words in (("missing", "No such file or directory"), ("file", "Not a directory")):
        script = ('! "$0" mount "$1" "$2/$3" && "$0" build --from "$1" --run ": $4" >"$2/id" && "$0" run "$(cat "$2/id")" true')
        tried = plash.try_("sudo", "sh", "-euc", script, plash.command, varied, str(target), place, os.urandom(6).hex())
        assert tried.status == 0 and f"plash error: cannot set up the container: open {target}/{place}: {words}" in tried.errors, tried


@pytest.mark.parametrize("changes", ["memory", "disk"])
def test_mount_of_macros_on_a_link(plash, busybox, target, changes):
    """What is built on the way has a mount namespace of its own, in which it must not be mounted."""
    plash.host("sh", "-c", 'mkdir -p "$0/m" && ln -s m "$0/link"', str(target))
    script = '"$0" mount --from "$1" --run "echo $3 >/f" -- "$2/link" && cat "$2/m/f" && echo new >"$2/m/f" && umount "$2/m"'
    words = ["sudo", "sh", "-euc", script, plash.command, busybox, str(target), mark := os.urandom(6).hex()]
    assert plash(*words, env={"PLASH_CHANGES": changes}) == mark


def test_changes_on_disk_outside(plash, varied):
    changes = {"PLASH_CHANGES": "disk"}
    assert plash("with-mount", varied, "sh", "-c", "echo new >d/f; sleep 0.3; echo more >d/g; cat d/f d/g", env=changes) == "new\nmore"
    assert plash("diff", varied, env=changes) and plash("run", varied, "cat", "/d/f") == "one"


@pytest.mark.parametrize("account", ["root"], indirect=True)
def test_sudo_mounts_are_seen_inside_only(plash, target, account):
    """A user's namespace has them to itself anyway."""
    plash.host("mkdir", str(target))
    script = 'mount --make-rshared / && "$0" sudo sh -c "mount -t tmpfs x $1 && mountpoint -q $1" && ! mountpoint -q "$1"'
    assert plash.host("unshare", "--mount", "sh", "-euc", script, plash.command, str(target)).status == 0


def test_mount_takes_a_namespace(plash, busybox, work, user_only):
    assert plash.error("mount", busybox, str(work)) == "mounting takes a namespace of your own: run it inside `plash sudo`"


def test_runopts(plash, busybox, work, target):
    (work / "seen").write_text("seen")
    assert plash("runopts", "-c", busybox, "-m", str(work), "cat", f"{work}/seen") == "seen"
    assert plash.try_("runopts", "-c", busybox, "test", "-e", str(work)).status == 1
    plash("runopts", "-d", str(target), "-c", busybox, "--", "sh", "-c", "echo kept >/kept")
    assert plash("runopts", "-c", busybox, "-d", str(target), "cat", "/kept") == "kept"
    assert plash("runopts", "-c", busybox, input=b"echo shell\n") == "shell"


@pytest.mark.parametrize("words", [[], ["-c"], ["-d", "x", "true"], ["-c", "1", "-x", "y"], ["-m", "/tmp"]], ids=" ".join)
def test_what_runopts_does_not_take(plash, words):
    result = plash.try_("runopts", *words)
    assert (result.status, result.out) == (2, b"") and result.errors.startswith("usage: plash runopts -c ID"), result


# run --persist, run --map


def test_persist_keeps_changes(plash, busybox, target):
    assert plash("run", "--persist", str(target), busybox, "sh", "-c", "echo kept >/kept; rm -r /etc; mkdir /etc; chown 5:6 /kept") == ""
    assert plash("run", "--persist", str(target), busybox, "sh", "-c", "cat /kept; stat -c %u:%g /kept; ls /etc | grep -c passwd; true") == "kept\n5:6\n0"
    assert plash.try_("run", busybox, "cat", "/kept").status == 1
    assert plash("run", "--persist", str(target), "--from", busybox, "--", "cat", "/kept") == "kept"


def test_persist_is_for_one_at_a_time(plash, busybox, target):
    first = plash.start([plash.command, "run", "--persist", str(target), busybox, "sh", "-c", "echo >/begun; echo; exec sleep 100"],
                        stdout=subprocess.PIPE)
    first.stdout.readline()
    assert plash.error("run", "--persist", str(target), busybox, "true") == "another container keeps its changes in the same folder"
    first.kill()
    first.wait()
    assert eventually(lambda: plash.try_("run", "--persist", str(target), busybox, "cat", "/begun").status == 0)


def test_persist_in_what_is_not_ones_own(plash, busybox, user_only):
    result = plash.try_("run", "--persist", "/etc/plash-test", busybox, "true")
    assert result.status == 1 and "Permission denied" in result.errors and result.errors.count("\n") == 1
    assert "Permission denied" in plash.try_("run", "--persist", "/root", busybox, "true").errors


def test_persist_of_a_killed_run(plash, busybox, target):
    running = plash.start([plash.command, "run", "--persist", str(target), busybox, "sh", "-c", "echo kept >/kept; echo; exec sleep 100"],
                          stdout=subprocess.PIPE)
    running.stdout.readline()
    running.kill()
    running.wait()
    assert plash("run", "--persist", str(target), busybox, "cat", "/kept") == "kept"


def test_map_of_host_paths(plash, busybox, target):
    plash.host("sh", "-c", 'mkdir -p "$0/d" && echo in >"$0/d/f"', str(target))

    def run(*words, **options):
        return plash.try_("run", *words, **options)

    folder = f"{target}/d"
    assert run("--map", folder, busybox, "cat", f"{folder}/f").text == "in\n"
    assert run("--map", f"{folder}:/inside/deep", busybox, "sh", "-c", "cat /inside/deep/f; echo out >/inside/deep/g").text == "in\n"
    assert plash.host("cat", f"{folder}/g", as_root=os.geteuid() == 0).text == "out\n"
    assert run("--map", f"{folder}/f:/file", "--map", f"{folder}:/d", busybox, "cat", "/file", "/d/g").text == "in\nout\n"
    assert run("--map", "d:/rel", busybox, "cat", "/rel/f", cwd=str(target)).text == "in\n"
    for words in (["--map", f"{folder}:/d:ro"], ["--map", f"{folder}:ro"]):
        inside = "/d" if ":/d" in words[1] else folder
        result = run(*words, busybox, "sh", "-c", f"cat {inside}/f; echo x >{inside}/h")
        assert result.text == "in\n" and "Read-only file system" in result.errors and result.status != 0
    assert run("--map", f"{folder}:/d", "--from", busybox, "--", "cat", "/d/f").text == "in\n"


@pytest.mark.parametrize("words", [["--map"], ["--map", ""], ["--map", "/tmp:"], ["--map", "/tmp:relative"], ["--map", ":/x"],
                                   ["--map", "/tmp:/a:/b"], ["--persist"]], ids=" ".join)
def test_what_run_does_not_map(plash, busybox, words):
    result = plash.try_("run", *words, *([busybox, "true"] if len(words) > 1 else []))
    assert (result.status, result.out) == (2, b"") and result.errors.startswith("usage: "), result


def test_a_map_of_what_is_not_there(plash, busybox):
    assert "No such file" in plash.error("run", "--map", "/none", busybox, "true")


# data, sudo


def test_data(plash):
    assert plash("data") == str(plash.data)
    assert plash("data", "pwd") == str(plash.data)
    assert plash.try_("data", "sh", "-c", "exit 9").status == 9
    assert plash.try_("data", "no-such-program").status == 127


def test_sudo(plash, varied):
    assert plash("sudo", "id", "-u") == "0" == plash("sudo", "--", "id", "-u")
    owners = plash("sudo", "stat", "-c", "%u:%g", f"{plash('nodepath', varied)}/_data/root/d/f")
    assert owners == "3:4"
    assert plash.try_("sudo", "sh", "-c", "exit 9").status == 9
    assert plash.try_("sudo", "no-such-program").status == 127
    assert plash("sudo", input=b"echo shell; id -u\n", env={"SHELL": "/bin/sh"}) == "shell\n0"
    assert plash("sudo", "pwd", cwd="/var/tmp") == "/var/tmp"
