"""`plash build`: scripts on an image, each a layer that is found again."""

import os
import re
import stat
import struct

import pytest
from harness import Scratch, impossible


def test_prints_the_id_alone_and_echoes_the_commands(plash, busybox):
    result = plash.try_("build", "--from", busybox, "--run", "echo out; echo err >&2", f": {os.urandom(4).hex()}")
    assert result.status == 0 and re.fullmatch(r"[1-9][0-9]*\n", result.text), result
    lines = result.errors.splitlines()
    assert lines[:4] == ["+ echo out", "out", "+ echo err", "err"]


def test_a_cached_build_says_nothing_and_gives_the_same_id(plash, busybox):
    macros = ["--from", busybox, "--run", "echo loud", "--layer", "--run", "echo louder"]
    first = plash("build", *macros)
    again = plash.try_("build", *macros)
    assert (again.text, again.err) == (f"{first}\n", b"")


def test_the_base_alone_is_the_base(plash, busybox):
    assert plash("build", "--from", busybox) == busybox


def test_a_plashfile_on_standard_input(plash, busybox):
    text = f"#!/usr/bin/env plash-exec\n--from {busybox}\n--run\necho from stdin >/made\n"
    image = plash("build", input=text.encode())
    assert plash("run", image, "cat", "/made") == "from stdin"


def test_only_what_changed_is_built_again(plash, busybox):
    mark = os.urandom(4).hex()
    build = lambda last: plash.try_("build", "--from", busybox, "--run", f": one {mark}", "--layer", "--run", f": {last}")
    assert build("two").errors.count("\n+ :") + 1 == 2
    assert build("three").errors == "+ : three\n"


def test_the_key_is_the_parent_and_the_text_alone(plash, busybox, work):
    """Another time, place, environment, file name, or line of the Plashfile builds nothing."""
    (work / "one").write_text(f"--from {busybox}\n--run\n: keyed\n")
    (work / "two").write_text(f"#!/usr/bin/env plash-exec\n--# a comment\n\n--from {busybox}\n\n--run\n: keyed\n")
    first = plash("build", "--eval-file", str(work / "one"))
    again = plash.try_("build", "--eval-file", "two", cwd=work, env={"OTHER": "environment"})
    assert (again.text, again.err) == (f"{first}\n", b"")
    other = plash("build", "--from", first, "--run", ": keyed")
    assert other != first


def test_no_image_named(plash):
    result = plash.try_("build", "--run", "true")
    assert (result.status, result.errors) == (2, "plash error: no image to start from: name one with `--from`\n")


@pytest.mark.parametrize("id,status", [("77777", 3), ("0", 2), ("x", 2), ("01", 2), ("18446744073709551617", 2)])
def test_no_such_base(plash, id, status):
    result = plash.try_("build", "--hint", "image", id, "--run", "true")
    assert (result.status, result.out) == (status, b""), result
    assert result.errors.count("\n") == 1


# What a layer's script gets


def test_standard_input_is_empty(plash, shell_image):
    """A command that reads must not swallow the rest of the script."""
    image = plash("build", "--from", shell_image, "--run", "cat >/read", "read line || echo nothing >>/read", "echo end >/end",
                  input=b"not for you\n")
    assert plash("run", image, "cat", "/read", "/end") == "nothing\nend"


def test_a_long_script_is_run_whole(plash, shell_image):
    """dash reads 8 KiB at a time, pipes hold 4 KiB or 64: nothing of that may show."""
    lines = [f"echo {number:06} {'x' * 90} >>/all" for number in range(1500)]
    lines.insert(700, "cat >>/all")
    lines.append("echo " + "y" * 20000 + " >>/all")
    image = plash("build", "--from", shell_image, "--run", *lines)
    seen = plash("run", image, "cat", "/all").splitlines()
    assert len(seen) == 1501 and seen[1499].startswith("001499 ") and seen[-1] == "y" * 20000


def test_the_environment_is_closed(plash, shell_image):
    env = {"SECRET": "x", "LANG": "xx", "TERM": "xx", "PLASH_EXPORT": "SECRET", "LD_PRELOAD": "/none", "IFS": "/", "ENV": "/n"}
    macros = ["--from", shell_image, "--run", "env >/variables", f": {os.urandom(4).hex()}"]
    image = plash("build", *macros, env=env)
    seen = dict(line.split("=", 1) for line in plash("run", image, "cat", "/variables").splitlines())
    for name in ("PWD", "OLDPWD", "SHLVL", "_"):
        seen.pop(name, None)
    assert seen.pop("PATH").startswith("/usr/local/sbin:")
    assert seen == {"HOME": "/root"}


def test_import_env_writes_a_variable_into_the_script(plash, busybox):
    image = plash("build", "--from", busybox, "--import-env", "WANTED:NAME", "--run", "echo $NAME >/v", env={"WANTED": "a b"})
    assert plash("run", image, "cat", "/v") == "a b"


def test_tmp_of_the_host_is_not_there(plash, busybox, work):
    image = plash("build", "--from", busybox, "--run", "ls /tmp | wc -l >/count", f": {os.urandom(4).hex()}")
    assert plash("run", image, "cat", "/count").strip() == "0"


@pytest.mark.parametrize("words", [["setarch", "i686"], ["setarch", "--uname-2.6"]], ids=lambda words: words[1])
def test_the_personality_is_not_the_callers(plash, busybox, words):
    """A cached layer would depend on it."""
    result = plash.host(*words, plash.command, "build", "--from", busybox, "--run", f": {os.urandom(6).hex()}", "uname -mr >/m")
    assert plash("run", result.text.strip(), "cat", "/m").split() == [os.uname().release, os.uname().machine]


def test_what_a_group_may_read_can_be_built_from(plash, busybox, user_only):
    """The directory of a project, as it is shared among several people."""
    if os.geteuid() != 0:
        impossible("takes root to have groups")
    folder = Scratch("/home", "plash-shared-", mode=0o750)
    os.chown(folder.path, 0, 27)
    (folder.path / "list").write_text("wanted\n")
    words = [*plash.account.wrap()[:-1], f"--groups=27,{plash.account.gid}", plash.command, "build", "--from", busybox]
    result = plash.host(*words, "--run", f"cat {folder.path}/list >/m", as_root=True)
    folder.remove()
    assert plash("run", result.text.strip(), "cat", "/m") == "wanted", result


def test_default_modes_of_the_parent_are_not_those_of_images(fresh):
    """A default ACL of a directory is that of all that is made below."""
    entries = [(1, 7, 0xFFFFFFFF), (2, 7, 33), (4, 7, 0xFFFFFFFF), (16, 7, 0xFFFFFFFF), (32, 7, 0xFFFFFFFF)]
    fresh.data.mkdir(mode=0o700)
    fresh.account.owns(fresh.data)
    os.setxattr(fresh.data, "system.posix_acl_default", struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries))
    image = fresh("build", "--from-busybox", "--run", "mkdir /d; touch /d/f")
    assert fresh("run", image, "stat", "-c", "%a", "/d", "/d/f").split() == ["755", "644"]


def test_home_is_there_and_so_is_the_current_directory(plash, busybox, user_only):
    home = plash.account.home
    image = plash("build", "--from", busybox, "--run", "pwd >/pwd", f": {os.urandom(4).hex()}", cwd=home)
    assert plash("run", image, "cat", "/pwd") == home


def test_the_umask_of_the_caller_changes_nothing(plash, busybox):
    build = ["build", "--from", busybox, "--run", "mkdir /d && touch /d/f", f": {os.urandom(4).hex()}"]
    image = plash(*build, preexec_fn=lambda: os.umask(0o077) and None)
    assert plash("run", image, "stat", "-c", "%a", "/", "/d", "/d/f") == "755\n755\n644"


def test_descriptors_of_the_caller_are_not_passed_on(plash, busybox):
    with open("/etc/hostname") as file:
        macros = ["--from", busybox, "--run", "ls -l /proc/$$/fd >/fds", f": {os.urandom(4).hex()}"]
        image = plash("build", *macros, pass_fds=[file.fileno()])
    assert "hostname" not in plash("run", image, "cat", "/fds")


def test_it_is_a_login_shell(plash, busybox):
    base = plash("build", "--from", busybox, "--write-file", "/etc/profile", "FROM_PROFILE=yes")
    image = plash("build", "--from", base, "--run", "echo $FROM_PROFILE >/v")
    assert plash("run", image, "cat", "/v") == "yes"


# What becomes of it


def test_files_of_several_owners(plash, busybox):
    image = plash("build", "--from", busybox, "--run",
                  *[f"touch /f{owner}; chown {owner}:{owner} /f{owner}" for owner in (0, 1, 1000, 65534)],
                  "chmod 4755 /f1000", "chown 1000 /f0", "mkdir -m 1777 /shared")
    shown = plash("run", image, "stat", "-c", "%n %u %g %a", "/f0", "/f1", "/f1000", "/f65534", "/shared")
    assert shown.splitlines() == [
        "/f0 1000 0 644", "/f1 1 1 644", "/f1000 1000 1000 4755", "/f65534 65534 65534 644", "/shared 0 0 1777"]


def test_deleted_files_stay_deleted(plash, busybox):
    base = plash("build", "--from", busybox, "--run", "mkdir -p /a/b /c", "touch /a/b/f /c/old")
    image = plash("build", "--from", base, "--run", "rm -r /a/b", "rm -r /c", "mkdir /c", "touch /c/new")
    assert plash("run", image, "sh", "-c", "ls /a; ls /c") == "new"
    assert plash("run", base, "sh", "-c", "ls /a/b; ls /c") == "f\nold"


def test_nothing_of_the_mounts_is_in_the_layer(plash, busybox):
    image = plash("build", "--from", busybox, "--run", "touch /made", f": {os.urandom(4).hex()}")
    found = plash.host("find", str(plash.files(image)), "-mindepth", "1", as_root=os.geteuid() == 0).text.split()
    assert [name.removeprefix(f"{plash.files(image)}/") for name in found] == ["made"]
    status = os.stat(plash.files(image)) if os.geteuid() == 0 else None
    assert status is None or stat.S_IMODE(status.st_mode) == 0o755


def test_a_layer_that_fails_leaves_no_trace(plash, busybox):
    before = set(os.listdir(plash.data / "index"))
    result = plash.try_("build", "--from", busybox, "--run", "touch /made", "exit 3")
    assert (result.status, result.out) == (1, b"")
    assert set(os.listdir(plash.data / "index")) == before
    plash.assert_nothing_left()


def test_a_command_that_fails_ends_the_script(plash, shell_image):
    result = plash.try_("build", "--from", shell_image, "--run", "false", "echo never")
    assert result.status == 1 and "never" not in result.errors.split("plash error")[0]


def test_nothing_outlives_a_layer(plash, busybox):
    script = "(sleep 0.3; echo late >/file) & echo early >/file; (setsid sh -c 'sleep 0.3; echo late >/file' &)"
    image = plash("build", "--from", busybox, "--run", script, f": {os.urandom(4).hex()}")
    plash.assert_nothing_left(0.1)
    assert plash("run", image, "sh", "-c", "sleep 0.5; cat /file") == "early"


def test_output_that_a_background_process_holds_open_does_not_block(plash, busybox):
    assert plash("build", "--from", busybox, "--run", "sleep 100 &", f": {os.urandom(4).hex()}", timeout=10)


# Which line failed


FAILING = [
    ("one command", ["echo a", "false", "echo b"], "false"),
    ("the first", ["exit 5", "echo b"], "exit 5"),
    ("the last", ["echo a", "nonsense-command"], "nonsense-command"),
    ("in a pipe", ["echo a", "true | false", "echo b"], "true | false"),
    ("after a command that reads", ["cat", "cat", "false", "echo b"], "false"),
    ("after many lines", [*(f": {n}" for n in range(500)), "false", *(f": {n}" for n in range(500))], "false"),
    ("in a subshell", ["echo a", "(exit 4)", "echo b"], "(exit 4)"),
]


@pytest.mark.parametrize("lines,failing", [case[1:] for case in FAILING], ids=[case[0] for case in FAILING])
def test_the_error_points_at_the_line_that_failed(plash, shell_image, work, lines, failing):
    file = work / "Plashfile"
    text = ["--# comment", f"--from {shell_image}", "--inline : first", "--layer", "--run", *lines]
    file.write_text("\n".join(text) + "\n")
    result = plash.try_("build", "--eval-file", str(file))
    place = re.search(r"--> (.*):(\d+):(\d+)", result.errors)
    assert result.status == 1 and place, result
    assert (place[1], text[int(place[2]) - 1]) == (str(file), failing), result
    assert "plash error: build failed with exit status " in result.errors


def test_the_error_names_the_status_and_shows_the_macro(plash, busybox, work):
    (work / "Plashfile").write_text(f"--from {busybox}\n--apt nothing\n")
    result = plash.try_("build", "--eval-file", "Plashfile", cwd=work)
    assert result.status == 1
    assert "plash error: build failed with exit status 127\n" in result.errors
    assert "--> " in result.errors and "Plashfile:2:1" in result.errors and "apt-get update" in result.errors


def test_a_layer_killed_by_a_signal(plash, busybox):
    result = plash.try_("build", "--from", busybox, "--run", "kill -9 $$")
    assert result.status == 1 and "build failed with exit status 137" in result.errors


# Ids


def test_ids_are_never_given_twice(fresh):
    base = fresh("build", "--from-busybox")
    last = fresh("build", "--from", base, "--run", ": a")
    fresh("rm", last)
    assert int(fresh("build", "--from", base, "--run", ": a")) > int(last)


def test_a_counter_that_lost_its_tail_gives_no_id_twice(fresh):
    base = fresh("build", "--from-busybox")
    first = fresh("build", "--from", base, "--run", ": a")
    (fresh.data / "id_counter").write_bytes(b"")
    second = fresh("build", "--from", base, "--run", ": b")
    assert second not in (base, first)
    assert fresh("parent", second) == base
