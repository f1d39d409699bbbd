"""The commands that look at images and handle them: what they print, in words and in JSON, what they take and refuse."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

JSON_PAGE = Path(__file__).resolve().parents[2] / "docs/json.md"

# How each command that takes an id is called with it; `{dir}` is a folder that is not there.
TAKES_ID = {
    "run": ["run", "{id}", "true"], "create": ["create", "{id}", "true"], "runopts": ["runopts", "-c", "{id}", "true"],
    "with-mount": ["with-mount", "{id}", "true"], "nodepath": ["nodepath", "{id}"], "parent": ["parent", "{id}"],
    "map": ["map", "key", "{id}"], "add-layer": ["add-layer", "{id}", "{dir}"], "export-tar": ["export-tar", "{id}"],
    "copy": ["copy", "{id}", "{dir}"], "shallow-copy": ["shallow-copy", "{id}", "{dir}"], "rm": ["rm", "{id}"],
    "inspect": ["inspect", "{id}"], "history": ["history", "{id}"], "diff": ["diff", "{id}"],
    "diff of two": ["diff", "{busybox}", "{id}"], "mount": ["mount", "{id}", "{dir}"],
}


def call(words, busybox, work, id):
    return [word.replace("{id}", id).replace("{dir}", str(work / "none")).replace("{busybox}", busybox) for word in words]


@pytest.fixture
def family(fresh):
    """A small store: base, two layers on it, one of them with a name; what made them is known."""
    base = fresh("build", "--from-busybox")
    first = fresh("build", "--from", base, "--run", "echo 12345 >/a; rm /bin/vi", "echo two lines")
    second = fresh("build", "--from", first, "--run", "echo x >>/a; mkdir /dir; echo y >/dir/b")
    fresh("map", "named", first)
    return fresh, base, first, second


def parsed(plash, *words):
    result = plash.try_(*words)
    assert result.status == 0 and result.err == b"", result
    return json.loads(result.out)


# What all have in common


@pytest.fixture(scope="module")
def commands(shared_store):
    return re.findall(r"^  ([a-z-]+) ", shared_store("help"), re.MULTILINE)


def test_every_command_describes_itself(plash, commands):
    assert len(commands) > 30
    for command in commands:
        result = plash.try_(command, "--help")
        assert (result.status, result.err) == (0, b"")
        usage, description = result.text.split("\n", 1)
        assert re.match(rf"usage: plash {command}( |$)", usage) and description.strip()


def test_every_command_that_needs_an_argument_says_which(plash, commands):
    needing = {"run", "create", "runopts", "with-mount", "mount", "import-url", "import-lxc", "import-docker", "export-tar",
               "copy", "shallow-copy", "add-layer", "inspect", "history", "diff", "nodepath", "parent", "map", "rm", "lint"}
    for command in sorted(needing):
        result = plash.try_(command)
        assert (result.status, result.out) == (2, b""), (command, result)
        assert re.fullmatch(rf"usage: plash {command} .*\n", result.errors), (command, result)
    assert needing <= set(commands)


@pytest.mark.parametrize("words", [["init"], ["ls"], ["tree"], ["df"], ["clean"], ["shrink"], ["purge"], ["fsck"], ["prune"],
                                   ["inspect", "1"], ["history", "1"], ["diff", "1", "1"], ["parent", "1"], ["rm", "1"],
                                   ["map", "a", "1"], ["copy", "1", "d"], ["mount", "1", "d", "c"], ["version"]],
                         ids=lambda words: words[0])
def test_an_argument_too_many(plash, words):
    result = plash.try_(*words, "more")
    assert (result.status, result.out) == (2, b"") and re.fullmatch(rf"usage: plash {words[0]}.*\n", result.errors), result


@pytest.mark.parametrize("command", ["ls", "tree", "df", "fsck", "prune", "lint", "fmt"])
def test_an_option_that_is_not_known(plash, command):
    assert plash.try_(command, "--jsn").errors.startswith(f"usage: plash {command} ")
    assert plash.try_(command, "--jsn").status == 2


@pytest.mark.parametrize("words", [["lint", "--json"], ["lint", "--short"], ["fmt", "--check"]], ids=" ".join)
def test_a_check_of_no_file_is_none(plash, words):
    result = plash.try_(*words)
    assert (result.status, result.out) == (2, b"") and result.errors.startswith(f"usage: plash {words[0]} ")


@pytest.mark.parametrize("words, command", [(["run", "--from", "1", "--persist", "d"], "plash run"), (["--run", "x", "--map", "/"], "plash run"),
                                            (["eval", "--run", "x", "--annotate"], "plash eval"), (["build", "--run", "x", "--refresh"], "plash")])
def test_an_option_behind_macros(plash, words, command):
    result = plash.try_(*words)
    assert (result.status, result.out) == (1, b"") and f"^ options of `{command}` come first\n" in result.errors


def test_options_of_eval_in_any_order(plash):
    assert plash("eval", "--refresh", "--annotate", "--run", "x") == plash("eval", "--annotate", "--refresh", "--run", "x")


@pytest.mark.parametrize("words", TAKES_ID.values(), ids=TAKES_ID)
@pytest.mark.parametrize("id", ["", "x", "../1", "0" * 2, " 1", "1\n", "+1", "01", "1.0", "\u0661", "18446744073709551617",
                                b"\xff", "\x1b]0;x\a"], ids=ascii)
def test_what_is_no_id(plash, busybox, work, words, id):
    if words[0] == "map" and not id:
        return  # Deletes the name.
    words = call(words, busybox, work, "{id}")
    words = [id if word == "{id}" else word for word in words]
    message = plash.error(*words, status=2)
    assert not re.search(r"[\x00-\x1f\x7f]", message)
    assert not (work / "none").exists()


def test_a_name_in_place_of_an_id(plash, busybox):
    plash("map", "mine", busybox)
    assert plash.error("rm", "mine", status=2) == f"`mine` is not the number but the name of image {busybox}"
    assert plash.error("rm", "other", status=2) == "`other` is not the number of an image (try `plash ls`)"
    plash("map", "mine", "")


@pytest.mark.parametrize("words", TAKES_ID.values(), ids=TAKES_ID)
def test_an_image_that_is_not_there(plash, busybox, work, words):
    assert plash.error(*call(words, busybox, work, "99999"), status=3) == "there is no image 99999"
    assert not (work / "none").exists()


@pytest.mark.parametrize("key", ["", ".", "..", "a/b", "a\nb", "\x1b[1m", "x" * 201], ids=ascii)
def test_what_is_no_key(plash, busybox, key):
    for words in (["map", key], ["map", key, busybox], ["map", key, ""]):
        assert not re.search(r"[\x00-\x1f\x7f]", plash.error(*words, status=2))


def test_keys_are_bytes(plash, busybox):
    for key in (b"\xff\xfe", b"a" * 200, b"-x", b"%s", b"a:b", b"e" * 40, "\u202e".encode()):
        plash("map", key, busybox)
        assert plash("map", key) == busybox
        plash("map", key, "")


INLINE = {
    "run": (["cat", "/made"], "made"), "with-mount": (["cat", "made"], "made"), "create": (["true"], r"\d+"),
    "nodepath": ([], r"/.*/\d+"), "copy": (["{dir}"], ""), "shallow-copy": (["{dir}"], ""), "rm": ([], ""),
    "export-tar": (["{dir}"], ""), "add-layer": (["{layer}"], r"\d+"),
}


@pytest.mark.parametrize("command", INLINE)
def test_macros_in_place_of_an_id(plash, busybox, command):
    rest, answer = INLINE[command]
    name = f"{plash.data}-{command}"
    plash.host("mkdir", f"{name}-layer")
    rest = [word.format(dir=f"{name}-dir", layer=f"{name}-layer") for word in rest]
    macros = ["--from", busybox, "--run", f"echo made >/made; : {os.urandom(4).hex()}"]
    result = plash.try_(command, *macros, *(["--", *rest] if rest else []))
    assert result.status == 0 and re.fullmatch(answer, result.text.strip()), result
    if "-dir" in "".join(rest) and command != "export-tar":
        assert plash("sudo", "cat", f"{name}-dir/made") == "made"
    plash("sudo", "rm", "-rf", f"{name}-dir", f"{name}-layer")


# ls, inspect, history, tree, df


def test_ls(family):
    plash, base, first, second = family
    lines = plash("ls").splitlines()
    assert lines[0].split() == ["ID", "PARENT", "SIZE", "AGE", "NAMES", "MADE", "BY"]
    assert re.fullmatch(rf"{base} +0 +\d+[BKM] +\d+s +busybox +import busybox", lines[1])
    assert re.fullmatch(rf"{first} +{base} +\d+[BKM] +\d+s +named +build command line:1", lines[2])
    assert [line.split()[0] for line in lines[1:]] == [base, first, second]
    assert parsed(plash, "ls", "--json")[1]["names"] == ["named"]


def test_an_empty_store(fresh):
    assert fresh("ls").splitlines()[1:] == [] and fresh("tree") == "" and fresh("prune") == ""
    for command in ("ls", "tree", "prune", "fsck"):
        assert parsed(fresh, command, "--json") == []
    assert parsed(fresh, "df", "--json")["images"] == 0
    assert fresh("tree", "--dot") == "digraph plash {\n}"


def test_inspect(family):
    plash, base, first, second = family
    image = parsed(plash, "inspect", first)
    assert image == parsed(plash, "inspect", "--json", first) == parsed(plash, "inspect", first, "--json")
    assert image["lineage"] == [int(base), int(first)] and image["names"] == ["named"]
    assert image["script"] == "echo 12345 >/a; rm /bin/vi\necho two lines\n" and image["origin"].startswith("build ")
    assert image["path"] == plash("nodepath", first) and re.fullmatch("[0-9a-f]{64}", image["key"])
    assert image["entries"] == 3
    assert image["environment"] is None
    plash("run", first, "true")
    assert any(entry.startswith("PATH=") for entry in parsed(plash, "inspect", first)["environment"])


def test_history(family):
    plash, base, first, second = family
    text = plash("history", second)
    assert re.fullmatch(
        rf"{base}  \d+[BKM]  \d+s  import busybox\n{first}  \d+[BKM]  \d+s  build command line:1\n    echo 12345 >/a; rm /bin/vi\n    echo two lines\n"
        rf"{second}  \d+[BKM]  \d+s  build command line:1\n    echo x >>/a; mkdir /dir; echo y >/dir/b", text), text
    steps = parsed(plash, "history", "--json", second)
    assert [step["id"] for step in steps] == [int(base), int(first), int(second)]
    assert steps[1]["script"].startswith("echo 12345")


def test_history_shows_scripts_as_they_are(fresh):
    image = fresh("build", "--from-busybox", "--run", "cat >/f <<E\n\n\ttab\x1b\n\nE")
    assert fresh("history", image).partition("command line:1\n")[2] == "    cat >/f <<E\n\n    \ttab\\x1b\n\n    E"


def test_tree(family):
    plash, base, first, second = family
    other = plash("build", "--from", base, "--run", ": other")
    lines = plash("tree").splitlines()
    assert [(len(line) - len(line.lstrip()), line.split()[0]) for line in lines] == [
        (0, base), (2, first), (4, second), (2, other)]
    assert parsed(plash, "tree", "--json") == parsed(plash, "ls", "--json")


def test_tree_for_graphviz(family):
    plash, base, first, second = family
    plash("map", '"quo\\te" ', second)
    lines = plash("tree", "--dot").splitlines()
    assert (lines[0], lines[-1]) == ("digraph plash {", "}")
    statement = re.compile(r'  (?:(\d+) -> (\d+)|(\d+) \[label="((?:[^"\\]|\\.)*)"\]);')
    found = [statement.fullmatch(line) for line in lines[1:-1]]
    assert all(found), lines
    edges = {match.group(1, 2) for match in found if match[1]}
    labels = {match[3]: match[4] for match in found if match[3]}
    assert edges == {(base, first), (first, second)}
    assert labels == {base: f"{base}\\nbusybox\\nimport busybox", first: f"{first}\\nnamed\\nbuild command line:1",
                      second: f'{second}\\n\\"quo\\\\te\\" \\nbuild command line:1'}
    result = plash.try_("tree", "--dot", "--json")
    assert (result.status, result.out, result.errors) == (2, b"", "usage: plash tree [--dot|--json]\n")


def test_df(family):
    plash, base, first, second = family
    usage = parsed(plash, "df", "--json")
    rows = parsed(plash, "ls", "--json")
    assert usage["images"] == 3 and usage["size"] == sum(row["size"] for row in rows) and usage["flat_images"] == 0
    assert usage["bases"] == [{"id": int(base), "images": 3, "size": usage["size"], "names": ["busybox"]}]
    system = os.statvfs(plash.data.parent)
    assert abs(usage["free"] - system.f_bavail * system.f_frsize) < 1 << 30
    head, row, total = plash("df").splitlines()
    assert head.split() == ["BASE", "IMAGES", "SIZE", "NAME"] and row.split()[:2] == [base, "3"]
    assert total.startswith("all") and total.endswith("free on the disk")


def test_sizes_are_those_on_the_disk(fresh):
    image = fresh("build", "--from-busybox", "--run", """cd /; truncate -s 1G hole; echo x >f; ln f g; ln -s f h; mkdir dir
        head -c 5000 /dev/zero >dir/file""")
    measured = fresh("sudo", "du", "-sB1", f"{fresh('nodepath', image)}/_data/root").split()[0]
    assert parsed(fresh, "inspect", image)["size"] == int(measured) < 1 << 20


# diff


def test_diff_with_the_parent(family):
    plash, base, first, second = family
    assert plash("diff", first) == "A /a\nD /bin/vi"
    assert plash("diff", second) == "C /a\nA /dir\nA /dir/b"


def test_diff_of_two(family):
    plash, base, first, second = family
    assert plash("diff", base, second) == "A /a\nD /bin/vi\nA /dir\nA /dir/b"
    assert plash("diff", second, base) == "D /a\nA /bin/vi\nD /dir"
    assert plash("diff", first, first) == ""
    assert parsed(plash, "diff", "--json", first) == [{"change": "A", "path": "/a"}, {"change": "D", "path": "/bin/vi"}]


def test_diff_of_a_base_is_all_of_it(family):
    plash, base, *_ = family
    assert "A /bin/busybox" in plash("diff", base).splitlines()


def test_diff_sees_every_kind_of_change(plash, busybox):
    before = plash("build", "--from", busybox, "--run", "cd /; for n in mode owner type link same; do echo $n >$n; done; ln -sf x sym")
    after = plash("build", "--from", before, "--run", "cd /; chmod 600 mode; chown 5 owner; rm type; mkdir type; ln -sf y sym; rm link; ln -s same link")
    assert plash("diff", after) == "C /link\nC /mode\nC /owner\nC /sym\nC /type"


# JSON


def test_the_fields_are_those_that_are_promised(family):
    plash, base, first, second = family
    plash.host("touch", f"{plash.data}/foreign")
    page = JSON_PAGE.read_text()

    def promised(command):
        row, = re.findall(rf"^\| .*`{command}`.* \| (.*) \|$", page, re.MULTILINE)
        return set(re.findall("`([a-z_0-9]+)`", row)) - {"ls", "prune"}

    rows = promised("ls")
    assert all(set(row) == rows for row in parsed(plash, "ls", "--json") + parsed(plash, "tree", "--json"))
    assert all(set(row) == rows for row in parsed(plash, "prune", "-n", "--keep", "0", "--max", "0", "--json"))
    assert set(parsed(plash, "inspect", first)) == rows | promised("inspect")
    assert set(parsed(plash, "history", "--json", first)[0]) == rows | promised("history")
    assert set(parsed(plash, "diff", "--json", first)[0]) == promised("diff")
    usage = parsed(plash, "df", "--json")
    assert set(usage) | set(usage["bases"][0]) == promised("df")
    finding, = json.loads(plash.try_("fsck", "--json").out)
    assert set(finding) == promised("fsck")
    plash.host("rm", f"{plash.data}/foreign")


def test_findings_of_lint_are_one_value(plash, work):
    for name in ("one", "two"):
        (work / name).write_text("--apt 'x\n")
    result = plash.try_("lint", "--json", "one", "two", cwd=work)
    found = json.loads(result.out)
    assert result.status == 1 and [(finding["file"], finding["line"], finding["column"]) for finding in found] == [("one", 1, 7), ("two", 1, 7)]
    assert set(found[0]) == set(re.findall("`([a-z]+)`", JSON_PAGE.read_text().partition("| `lint` | ")[2].partition("|")[0]))
    (work / "one").write_text("--apt x\n")
    assert parsed(plash, "lint", "--json", work / "one") == []


def test_names_that_are_not_unicode(fresh):
    base = fresh("build", "--from-busybox")
    script = rb"touch $(printf '/caf\351') $(printf '/quote\042back\134\001\033')" + b" '/\xe2\x80\xae\xc3\xa9' # \xff"
    image = fresh("build", "--from", base, "--run", script)
    name = b"caf\xe9\"\\"
    fresh("map", name, image)
    paths = {row["path"]: row.get("path_hex") for row in parsed(fresh, "diff", "--json", image)}
    assert paths == {"/caf\ufffd": b"/caf\xe9".hex(), "/quote\"back\\\x01\x1b": None, "/\u202e\u00e9": None}
    image = parsed(fresh, "inspect", image)
    assert (image["names"], image["names_hex"]) == (["caf\ufffd\"\\"], [name.hex()])
    assert bytes.fromhex(image["script_hex"]) == script + b"\n" and image["script"].endswith("\ufffd\n")
    for words in (["ls"], ["ls", "--json"], ["diff", str(image["id"])], ["tree"], ["tree", "--dot"], ["history", str(image["id"])]):
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f\xff]|\xe2\x80\xae", fresh.try_(*words).out), words


# test


def test_the_host_is_tried(plash):
    before = set(os.listdir(plash.data / "index"))
    lines = plash("test").splitlines()
    assert lines[0] == f"1..{len(lines) - 1}" and len(lines) > 10
    assert all(re.fullmatch(rf"ok {number} - [a-z ]+", line) for number, line in enumerate(lines[1:], 1)), lines
    assert set(os.listdir(plash.data / "index")) == before and os.listdir(plash.data / "tmp") == []


def test_a_signal_ends_the_test_of_the_host(plash):
    """Whoever is told to end is not one of those that it has started."""
    process = plash.start([plash.command, "test"], stdout=subprocess.PIPE)
    assert process.stdout.readline().startswith(b"1..")
    process.terminate()
    process.communicate()
    assert process.returncode == -signal.SIGTERM and os.listdir(plash.data / "tmp") == []
