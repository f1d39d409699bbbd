"""Every command: what it prints, what it exits with, what it refuses."""

import os
import pty
import re
from pathlib import Path

import pytest
from images import Archive

COMMANDS = ["run", "build", "eval", "create", "init", "import-tar", "nodepath", "parent", "map", "rm", "help",
            "help-macros", "version"]


# plash itself


def test_alone(plash):
    result = plash.try_()
    assert (result.status, result.out, result.errors.count("\n")) == (1, b"", 1), result


def test_an_unknown_command(plash):
    assert plash.error("frobnicate") == "no such command: frobnicate (try `plash help`)"
    assert plash.error("biuld", "x") == "no such command: biuld; did you mean `build`?"
    assert plash.error("help", "prunes") == "no such command: prunes; did you mean `prune`?"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(plash, command):
    for result in (plash.try_(command, "--help"), plash.try_("help", command)):
        assert (result.status, result.err) == (0, b"")
        usage, description = result.text.split("\n", 1)
        assert usage.startswith(f"usage: plash {command}") and description.strip()


@pytest.mark.parametrize("command", [["run"], ["create"], ["nodepath"], ["parent"], ["map"], ["rm"], ["parent", "1", "2"]])
def test_wrong_numbers_of_arguments(plash, command):
    result = plash.try_(*command)
    assert (result.status, result.out) == (2, b"")
    assert re.fullmatch(rf"usage: plash {command[0]} .*\n", result.errors)


@pytest.mark.parametrize("words", [["help"], ["--help"], ["-h"]])
def test_help_lists_every_command(plash, words):
    listed = re.findall(r"^  ([a-z-]+) ", plash(*words), re.MULTILINE)
    assert set(COMMANDS) <= set(listed)


@pytest.mark.parametrize("words", [["help-macros"], ["--help-macros"]])
def test_help_macros_lists_the_macros(plash, words):
    listed = plash(*words)
    for macro in ("run", "apt", "layer", "entrypoint-script", "from-debian", "write-file", "A"):
        assert re.search(rf"^--?{macro}\b", listed, re.MULTILINE), macro


@pytest.mark.parametrize("words", [["version"], ["--version"]])
def test_version(plash, words):
    assert re.fullmatch(r"plash \d+\.\d+\.\d+", plash(*words))


def test_the_interpreter_says_what_it_takes(plash):
    for option in ("-h", "--help"):
        result = plash.execute(option)
        assert result.status == 0 and result.text.startswith("usage: plash-exec "), result


def test_no_colour_where_there_is_no_terminal(plash):
    assert b"\x1b" not in plash.try_("frobnicate").err


@pytest.mark.parametrize("value,coloured", [(None, True), ("", True), ("1", False)])
def test_colours_on_a_terminal(plash, value, coloured):
    """https://no-color.org"""
    controller, terminal = pty.openpty()
    plash.start([plash.command, "frobnicate"], stderr=terminal, env={"NO_COLOR": value}).wait()
    os.close(terminal)
    assert (b"\x1b[1;31m" in os.read(controller, 1000)) == coloured
    os.close(controller)


# The result on standard output


@pytest.mark.parametrize("words", [["build", "--from", "{busybox}"], ["version"], ["help"], ["eval", "--run", "x"],
                                   ["nodepath", "{busybox}"]], ids=lambda words: words[0])
def test_output_that_cannot_be_written_is_an_error(plash, busybox, words):
    words = [word.format(busybox=busybox) for word in words]
    with open("/dev/full", "wb") as full:
        process = plash.start([plash.command, *words], stdout=full, stderr=-1)
        assert b"plash error: " in process.communicate()[1] and process.returncode == 1
    result = plash.host("sh", "-c", '"$0" "$@" | true', plash.command, *words)
    assert result.errors.count("\n") <= 1


def test_a_layer_whose_id_could_not_be_printed_is_kept(plash, busybox):
    macros = ["build", "--from", busybox, "--run", f": {os.urandom(4).hex()}"]
    with open("/dev/full", "wb") as full:
        assert plash.start([plash.command, *macros], stdout=full, stderr=-3).wait() == 1
    assert plash.try_(*macros).err == b""


@pytest.mark.row("J13")
def test_everything_closed(plash, busybox):
    result = plash.host("sh", "-c", 'exec "$0" build --from "$1" <&- >&- 2>&-', plash.command, busybox)
    assert result.status in (0, 1)


# init


def test_init_is_silent_and_can_be_repeated(fresh):
    for _ in range(2):
        result = fresh.try_("init")
        assert (result.status, result.out, result.err) == (0, b"", b"")
    assert fresh.data.stat().st_mode & 0o7777 == 0o700


@pytest.mark.row("J13")
@pytest.mark.parametrize("umask", [0, 0o077, 0o777])
def test_init_does_not_depend_on_the_umask(fresh, umask):
    fresh("init", preexec_fn=lambda: os.umask(umask) and None)
    assert fresh.data.stat().st_mode & 0o7777 == 0o700


# eval


def test_eval_prints_the_script(plash):
    assert plash("eval", "--apt", "git", "--layer", "--run", "a", "b") == (
        "apt-get update\napt-get install -y git\n### plash hint: layer\na\nb")


def test_eval_reads_a_plashfile(plash):
    text = b"#!/usr/bin/env plash-exec\n--run\n  indented\n--# comment\nlast"
    assert plash("eval", input=text) == "  indented\nlast"


def test_eval_keeps_bytes(plash):
    assert plash.try_("eval", "--run", b"\xff\xfe").out == b"\xff\xfe\n"


def test_eval_prints_nothing_on_an_error(plash):
    result = plash.try_("eval", "--run", "a", "--aptt", "git")
    assert (result.status, result.out) == (1, b"")
    assert "did you mean `apt`?" in result.errors and "command line:1:" in result.errors


def test_what_eval_prints_builds_the_same_image(plash, busybox):
    macros = ["--from", busybox, "--run", "echo 'a b' >/file", "--layer", "--write-script", "/bin/x", "echo $1"]
    script = plash.try_("eval", *macros).out
    assert plash("build", "--run-stdin", input=script) == plash("build", *macros)


def test_eval_needs_no_store(plash, work):
    nowhere = plash.on(work / "nowhere")
    assert nowhere("eval", "--run", "x") == "x"
    assert not nowhere.data.exists()


# create


def test_create_keeps_what_the_command_changed(plash, busybox):
    image = plash("create", busybox, "sh", "-c", "echo kept >/file; chown 5:6 /file")
    assert plash("run", image, "sh", "-c", "cat /file; stat -c %u:%g /file") == "kept\n5:6"
    assert plash("parent", image) == busybox


def test_create_is_not_cached(plash, busybox):
    assert plash("create", busybox, "true") != plash("create", busybox, "true")


def test_create_that_fails(plash, busybox):
    assert "status 7" in plash.error("create", busybox, "sh", "-c", "exit 7", status=4)
    assert plash.error("create", busybox, "nothing-like-this", status=4) == "nothing-like-this: not found in the image"


def test_create_prints_the_id_alone(plash, busybox):
    result = plash.try_("create", busybox, "sh", "-c", "echo said; cat", input=b"typed\n")
    assert re.fullmatch(r"\d+\n", result.text) and result.errors == "said\ntyped\n"


def test_create_without_a_command_is_roots_shell(plash, busybox):
    image = plash("create", busybox, input=b"echo $SHELL >/shell\n")
    assert plash("run", image, "cat", "/shell") == "/bin/sh"


def test_create_keeps_nothing_of_the_current_directory(plash, busybox):
    """It is mounted, which takes a directory of its name. What the command made beside it is a change."""
    outer = plash.data.parent / "outer"
    plash.host("mkdir", "-p", str(outer / "inner"))
    image = plash("create", busybox, "sh", "-c", "pwd; touch /made", cwd=str(outer / "inner"))
    assert plash("diff", busybox, image) == "A /made"
    image = plash("create", busybox, "touch", "../beside", cwd=str(outer / "inner"))
    assert plash("diff", busybox, image).splitlines()[-2:] == [f"A {outer}", f"A {outer}/beside"]
    assert plash("run", image, "ls", str(outer)) == "beside"
    there = plash("build", "--from", busybox, "--run", f"mkdir -p {outer}/inner")
    assert plash("diff", there, plash("create", there, "chmod", "700", ".", cwd=str(outer / "inner"))) == f"C {outer}/inner"


def test_create_inline(plash, busybox):
    image = plash("create", "--from", busybox, "--run", "echo a >/a", "--", "sh", "-c", "cp /a /b")
    assert plash("run", image, "cat", "/a", "/b") == "a\na"


# nodepath, parent, rm


def test_nodepath(plash, busybox):
    image = plash("build", "--from", busybox, "--run", "echo x >/file")
    path = plash("nodepath", image)
    assert path.startswith(f"{plash.data}/") and path.endswith(f"/{busybox}/{image}")
    assert plash.host("cat", f"{path}/_data/root/file", as_root=os.geteuid() == 0).text == "x\n"


def test_nodepath_inline(plash, busybox):
    assert plash("nodepath", "--from", busybox) == plash("nodepath", busybox)


@pytest.mark.parametrize("command", ["nodepath", "parent", "rm", "run", "create"])
def test_an_id_that_is_not_known(plash, command):
    assert plash.error(command, "99999", status=3) == "there is no image 99999"


@pytest.mark.parametrize("command", ["nodepath", "parent", "rm", "run", "create"])
@pytest.mark.parametrize("id", ["", "x", "../1", " 1", "1\n", "+1", "01", "00", "1.0", "\u0661", "18446744073709551617"])
def test_what_is_no_id(plash, command, id):
    plash.error(command, id, status=2)


def test_the_empty_image(plash):
    assert plash("nodepath", "0", "--allow-root-container").endswith("/layer/0")
    assert plash.try_("nodepath", "0").status in (2, 3)
    for command in ("run", "rm", "create"):
        result = plash.try_(command, "0", *(["true"] if command != "rm" else []))
        assert result.status in (1, 2, 3) and result.out == b"", result


def test_parent_of_a_base(plash, busybox):
    assert plash("parent", busybox) == "0"


def test_rm_deletes_an_image_and_all_built_on_it(fresh):
    base = fresh("build", "--from-busybox")
    first = fresh("build", "--from", base, "--run", "chown 3:3 /bin/busybox; touch /a")
    second = fresh("build", "--from", first, "--run", "touch /b")
    other = fresh("build", "--from", base, "--run", "touch /c")
    result = fresh.try_("rm", first)
    assert (result.status, result.out, result.err) == (0, b"", b"")
    for id in (first, second):
        fresh.error("nodepath", id, status=3)
    assert fresh("run", other, "ls", "/c") == "/c"
    assert fresh("build", "--from", base, "--run", "chown 3:3 /bin/busybox; touch /a") not in (first, second)


@pytest.mark.parametrize("lost", ["data/{id}", "data/{id}/root", "data/{id}/key", "index/{id}", "data/{id} index/{id}", "{layer}/_data"])
@pytest.mark.parametrize("place", ["below", "top"])
def test_rm_of_an_image_that_lost_something(fresh, lost, place):
    """It goes with its names and its place in the cache, as every other; so does what was built on it."""
    base = fresh("build", "--from-busybox")
    ids = dict(zip(["below", "top"], fresh_layers(fresh, base)))
    layer = Path(fresh("nodepath", ids[place])).relative_to(fresh.data)
    for path in lost.format(id=ids[place], layer=layer).split():
        assert fresh.host("rm", "-r", str(fresh.data / path), as_root=True).status == 0
    assert fresh.try_("fsck").status == 2
    assert fresh("rm", ids[place]) == ""
    assert fresh("fsck") == "" and fresh("map", place) == ""
    assert fresh.error("rm", ids[place], status=3) == f"there is no image {ids[place]}"
    assert fresh.try_("nodepath", ids["below"]).status == (3 if place == "below" else 0)


def fresh_layers(fresh, base):
    below = fresh("build", "--from", base, "--run", "echo a >/a")
    top = fresh("build", "--from", below, "--run", "echo b >/b")
    fresh("map", "below", below)
    fresh("map", "top", top)
    return below, top


@pytest.mark.parametrize("key", [b"", b".", b"../map"])
def test_rm_of_an_image_with_a_damaged_key_leaves_the_cache(fresh, key):
    base = fresh("build", "--from-busybox")
    other = fresh("build", "--from", base, "--run", "echo a >/a")
    damaged = fresh("build", "--from", base, "--run", "echo b >/b")
    fresh("map", "other", other)
    (fresh.data / "data" / damaged / "key").write_bytes(key)
    fresh("rm", damaged)
    assert fresh("fsck") == "" and fresh("map", "other") == other
    assert fresh("build", "--from", base, "--run", "echo a >/a") == other


def test_rm_of_a_base_leaves_an_empty_store(fresh):
    base = fresh("build", "--from-busybox")
    fresh("build", "--from", base, "--run", "mkdir -m 0 /closed; touch /x; chown 1:1 /closed")
    fresh("map", "name", base)
    fresh("map", "other", fresh("build", "--from-busybox", "--run", "touch /x"))
    fresh("rm", base)
    assert fresh("map", "name") == "" and os.listdir(fresh.data / "map") == []
    assert fresh("fsck") == ""
    assert os.listdir(fresh.data / "index") == [] and os.listdir(fresh.data / "layer/0") == []
    assert fresh("build", "--from-busybox") != base


# map


def test_map(plash, busybox):
    assert plash("map", "unset") == ""
    assert plash("map", "name", busybox) == ""
    assert plash("map", "name") == busybox
    assert plash("build", "--from-map", "name") == busybox
    assert plash("map", "name", "") == ""
    assert plash("map", "name") == ""
    assert plash("map", "name", "") == ""


def test_map_takes_any_ordinary_key(plash, busybox):
    for key in ("lxc:alpine", "a b", "\u00e9", "%", "1", "x" * 200):
        plash("map", key, busybox)
        assert plash("map", key) == busybox
        plash("map", key, "")


@pytest.mark.parametrize("key", ["", ".", "..", "a/b", "/", "a\nb", "x" * 201], ids=repr)
def test_map_refuses_a_key(plash, busybox, key):
    plash.error("map", key, status=2)
    plash.error("map", key, busybox, status=2)


def test_map_checks_the_image(plash):
    plash.error("map", "name", "99999", status=3)
    assert plash("map", "name") == ""


def test_an_unknown_key(plash):
    result = plash.try_("build", "--from-map", "nothing", "--run", "true")
    assert result.status == 1 and "nothing" in result.errors and "command line:1:1" in result.errors


# import-tar


def test_import_tar_from_a_file_and_from_standard_input(plash, work):
    archive = Archive().file("hello", b"there\n", uid=1000, gid=1000, mode=0o640).bytes()
    (work / "image.tar").write_bytes(archive)
    image = plash("import-tar", str(work / "image.tar"))
    assert plash("run", image, "sh", "-c", "cat /hello; stat -c '%u:%g %a' /hello") == "there\n1000:1000 640"
    assert plash("parent", image) == "0"
    for words in (["import-tar"], ["import-tar", "-"]):
        assert plash("run", plash(*words, input=archive), "cat", "/hello") == "there"


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html>" * 100, bytes(10240)], ids=["nothing", "html", "zeros"])
def test_import_tar_of_what_is_no_archive(plash, content):
    plash.error("import-tar", input=content)


def test_import_tar_of_a_file_that_is_not_there(plash):
    assert "/nothing" in plash.error("import-tar", "/nothing")


# plash-exec


def test_plash_exec(plash, busybox, work):
    file = work / "tool"
    file.write_text(f"#!/usr/bin/env plash-exec\n--from {busybox}\n--entrypoint-script\nprintf '<%s>' \"$@\"; cat\n")
    file.chmod(0o755)
    for result in (plash.execute(file, "-x", "--y", "a b", "--", "", input=b"input"),
                   plash.host(str(file), "-x", "--y", "a b", "--", "", input=b"input")):
        assert (result.status, result.text) == (0, "<-x><--y><a b><--><>input"), result
    again = plash.execute(file, "x")
    assert (again.text, again.err) == ("<x>", b"")


def test_plash_exec_passes_the_status(plash, busybox, work):
    file = work / "tool"
    file.write_text(f"--from {busybox}\n--entrypoint-script\nexit $1\n")
    assert [plash.execute(file, str(n)).status for n in (0, 1, 77, 255)] == [0, 1, 77, 255]


def test_plash_exec_becomes_the_program(plash, busybox, work):
    file = work / "tool"
    file.write_text(f"--from {busybox}\n--entrypoint-script\necho $$\n")
    plash.execute(file)
    process = plash.start([plash.interpreter, str(file)], stdout=-1)
    assert int(process.stdout.read()) == process.pid and process.wait() == 0


def test_plash_exec_without_an_entrypoint_builds_nothing(plash, busybox, work):
    file = work / "tool"
    file.write_text(f"--from {busybox}\n--run exit 1\n")
    result = plash.execute(file)
    assert (result.status, result.out) == (1, b"")
    assert result.errors == f"plash error: {file} has nothing to run: give it an `--entrypoint` or an `--entrypoint-script`\n"


def test_plash_exec_alone_and_without_its_file(plash):
    assert plash.host(plash.interpreter).status == 2
    result = plash.execute("/nothing")
    assert result.status == 1 and result.errors.startswith("plash error: ") and "/nothing" in result.errors


def test_plash_exec_passes_wanted_variables_on(plash, busybox, work):
    file = work / "tool"
    file.write_text(f"--from {busybox}\n--hint use-env WANTED\n--entrypoint-script\necho \"[$WANTED][$OTHER]\"\n")
    env = {"WANTED": "a b", "OTHER": "x"}
    plash.execute(file)
    assert plash.execute(file, env=env).text == "[a b][]\n"


def test_an_error_in_a_plashfile(plash, work):
    file = work / "tool"
    file.write_text("#!/usr/bin/env plash-exec\n--frm alpine\n--run x\n")
    result = plash.execute(file)
    assert result.status == 1 and f"--> {file}:2:1" in result.errors and "did you mean `from`?" in result.errors
