"""Users without subordinate ids: there is nobody but root in their containers, and root is emulated."""

import json
import os
import platform
import re
import shlex

import pytest
from harness import Account, Plash, Scratch, accounts, impossible
from images import Archive
from mirror import Mirror, service_package

NO_IDS = ("no subordinate ids for user 54322; run: sudo usermod --add-subuids 100000-165535 "
          "--add-subgids 100000-165535 54322")


class Stranger(Account):
    """A user whom neither /etc/passwd nor /etc/subuid knows."""

    def __init__(self, home):
        self.uid = self.gid = 54322
        self.name, self.home, self.is_root = "54322", str(home), False


@pytest.fixture(scope="module")
def store(stage):
    if os.geteuid() != 0:
        impossible("takes root to be somebody without subordinate ids")
    home = stage / "home-of-stranger"
    home.mkdir()
    account = Stranger(home)
    return Plash(stage, account, account.owns(home) / "data")


@pytest.fixture
def single(store):
    """plash, used by somebody without subordinate ids."""
    yield store
    store.finish()


@pytest.fixture(scope="module")
def image(store):
    return store("build", "--from-busybox")


@pytest.fixture(scope="module")
def debian_image(store, debian_archive):
    # The archive is in a cache that is not everybody's.
    with open(debian_archive, "rb") as archive:
        process = store.start([store.command, "import-tar"], stdin=archive, stdout=-1)
        return process.communicate(timeout=120)[0].decode().strip()


@pytest.fixture(scope="module")
def mirror():
    scratch = Scratch("/var/tmp", "plash-mirror-")
    yield Mirror(scratch.path / "mirror")
    scratch.remove()


@pytest.fixture
def full(stage, tmp_path_factory):
    """plash, used by somebody with subordinate ids."""

    account = Account(accounts()["user"])
    scratch = Scratch("/var/tmp", "plash-full-")
    plash = Plash(stage, account, account.owns(scratch.path) / "data")
    yield plash
    plash.finish()
    scratch.remove()


def test_more_layers_than_the_kernel_stacks(single, image):
    macros = ["--from", image, "--run", "mkdir -m 0 /closed; touch /closed/f /gone; echo base >/n"]
    for number in range(499):
        macros += ["--layer", "--run", f"echo {number} >/n{number % 5}" if number != 250 else "rm /gone"]
    deep = single("build", *macros)
    assert single("run", deep, "sh", "-c", "cat /n /n3; stat -c %a /closed; ls /closed; test -e /gone || echo gone") == "base\n498\n0\nf\ngone"
    assert single.try_("fsck", "--full").status == 0


def test_files_are_given_away_and_devices_made_without_effect(single):
    script = "touch /a; chown 5:6 /a; mknod /x c 1 3; mknod /y b 7 0; mkfifo /p; mknod /q p; chown -h 5:6 /bin/sh"
    id = single("build", "--from-busybox", "--run", script)
    assert single("run", id, "stat", "-c", "%u:%g %F", "/a", "/p", "/q").splitlines() == [
        "0:0 regular empty file", "0:0 fifo", "0:0 fifo"]
    assert single.try_("run", id, "ls", "/x").status == single.try_("run", id, "ls", "/y").status == 1


@pytest.mark.row("J1")
def test_there_is_only_root(single, image):
    assert single("run", image, "cat", "/proc/self/uid_map").split() == ["0", "54322", "1"]
    assert single("run", image, "cat", "/proc/self/gid_map").split() == ["0", "54322", "1"]
    assert single("run", image, "id") == "uid=0(root) gid=0(root)"


def test_no_other_process_is_started(single, image):
    """But for one that asks a directory service who the user is, where there is one."""
    single("run", image, "true")
    trace = ["strace", "-f", "-qq", "-o", f"{single.data}/../trace", "-e", "execve,clone,clone3,fork,vfork"]
    assert single.host(*trace, single.command, "run", image, "true").status == 0
    calls = (single.data / "../trace").read_text()
    started = [path for path, result in re.findall(r'execve\("([^"]+)".*?(ENOENT|\n)', calls) if result != "ENOENT"]
    names = [os.path.basename(path) for path in started]
    assert names in (["plash", "true"], ["plash", "getent", "true"]), calls
    assert len(re.findall(r"(?:clone3?|v?fork)\(", calls)) == names.count("getent"), calls


NUMBERS = {
    "x86_64": dict(
        chown=92, fchown=93, lchown=94, fchownat=260, setuid=105, setgid=106, setreuid=113, setregid=114, setgroups=116,
        setresuid=117, setresgid=119, setfsuid=122, setfsgid=123, capset=126, mknod=133, mknodat=259, getuid=102),
    "aarch64": dict(
        fchown=55, fchownat=54, setuid=146, setgid=144, setreuid=145, setregid=143, setgroups=159, setresuid=147,
        setresgid=149, setfsuid=151, setfsgid=152, capset=91, mknodat=33, getuid=174),
}[platform.machine()]

ARGUMENTS = {
    "chown": '"/etc/passwd", 5, 5', "fchown": "0, 5, 5", "lchown": '"/etc/passwd", 5, 5',
    "fchownat": '-100, "/etc/passwd", 5, 5, 0', "setuid": "5", "setgid": "5", "setreuid": "5, 5", "setregid": "5, 5",
    "setgroups": '1, pack("I", 5)', "setresuid": "5, 5, 5", "setresgid": "5, 5, 5", "setfsuid": "5", "setfsgid": "5",
    "capset": '"", ""', "mknod": '"/dev-null", 020666, 0x103', "mknodat": '-100, "/dev-loop", 060666, 0x700',
}


def perl(call, arguments):
    """A system call by its number: prints what it gives, and -1 for failures."""
    return f"{{ my @arguments = ({arguments}); print syscall({NUMBERS[call]}, @arguments) }}"


@pytest.mark.parametrize("call", [name for name in NUMBERS if name != "getuid"])
def test_calls_that_take_other_ids_succeed(single, debian_image, call):
    assert single("run", debian_image, "perl", "-e", perl(call, ARGUMENTS[call])) == "0"


def test_everybody_is_still_root(single, debian_image):
    script = "".join(perl(call, ARGUMENTS[call]) for call in ("setresgid", "setresuid")) + perl("getuid", "")
    assert single("run", debian_image, "perl", "-e", script) == "000"


def test_sockets_pipes_and_files_are_made(single, debian_image):
    script = "".join(perl("mknodat", f'-100, "/{mode}", {mode}, 0') for mode in ("0140600", "0010600", "0100600", "0600"))
    script += 'print -S "/0140600", -p "/0010600", -f "/0100600", -f "/0600"'
    assert single("run", debian_image, "perl", "-e", script) == "00001111"


def test_only_a_single_id_has_the_filter(single, image, full):
    state = ["run", image, "sed", "-n", "s/^Seccomp:\t//p;s/^NoNewPrivs:\t//p", "/proc/self/status"]
    assert single(*state).split() == ["0", "2"]
    state[1] = full("build", "--from-busybox")
    assert full(*state).split() == ["0", "0"]


def test_owners_in_an_archive_become_root(single):
    archive = Archive().file("theirs", b"x", uid=5, gid=70000).folder("folder", uid=99, mode=0o750)
    result = single.try_("import-tar", input=archive.bytes())
    assert (result.status, result.errors) == (0, "")
    assert single("run", result.text.strip(), "stat", "-c", "%u:%g %a", "/theirs", "/folder").split("\n") == [
        "0:0 644", "0:0 750"]


def test_layers_are_not_mixed_up(full):
    """One store, used with and without subordinate ids."""
    macros = ["build", "--from-busybox", "--run", "touch /a; chown 5:6 /a"]
    owner = lambda id: full("run", id, "stat", "-c", "%u:%g", "/a")

    def without_ids(*words):
        command = shlex.join(full.account.wrap() + [full.command, *words])
        script = f"mount --bind /dev/null /etc/subuid && exec {command}"
        result = full.host("unshare", "--mount", "sh", "-c", script, as_root=True)
        assert result.status == 0, result
        return result.text.strip()

    many = full(*macros)
    one = without_ids(*macros)
    assert one != many and without_ids(*macros) == one and full(*macros) == many
    assert (owner(many), owner(one)) == ("5:6", "0:0")
    key = lambda id: (full.data / "data" / id / "key").read_text()
    assert key(one) != key(many)


@pytest.mark.parametrize("closed", ["0600", "0000"])
def test_what_the_check_cannot_reach(full, closed):
    """A layer that was made with subordinate ids, and data that are no layer's."""
    id = full("build", "--from-busybox", "--run", f"mkdir /d; echo x >/d/a; chmod {closed} /d/a; chown 5:6 /d/a /d")
    assert full("fsck", "--full") == ""
    why = f"; images that were made with subordinate ids need them: {NO_IDS.replace('54322', full.account.name)}"

    def without_ids(*words):
        command = shlex.join(full.account.wrap() + [full.command, *words])
        return full.host("unshare", "--mount", "sh", "-c", f"mount --bind /dev/null /etc/subuid && exec {command}", as_root=True)

    (full.data / "data" / id / "contents").unlink()
    found = without_ids("fsck", "--full")
    path = f"data/{id}/root/d/a"
    assert (found.status, found.errors) == (2, "")
    assert f"image {id}: open {path}: Permission denied{why}\n" in found.text
    assert f"image {id}: d belongs to none of your ids{why}\n" in found.text
    kinds = [(found["kind"], found["image"], found["path"]) for found in json.loads(without_ids("fsck", "--full", "--json").out)]
    assert ("unreadable", int(id), path) in kinds and kinds.count(("unreadable", int(id), path)) == 1
    full.host("mv", str(full.data / "data" / id), str(full.data / "data/77"), as_root=True)
    repaired = without_ids("fsck", "--repair")
    assert repaired.status == 2 and repaired.errors == f"plash error: unlink {full.data}/data/77/root/d/a: Permission denied{why}\n"
    assert full.try_("fsck", "--repair").status == 2  # It is gone.
    assert not (full.data / "data/77").exists()


def test_a_failed_build_says_that_there_is_only_root(single):
    result = single.try_("build", "--from-busybox", "--run", "exit 3")
    assert result.status == 1
    assert f"plash: there is no user but root in this build: {NO_IDS}\n" in result.errors


# apt


@pytest.fixture(scope="module")
def served(mirror, debian_archive):
    mirror.add_installed(debian_archive)
    mirror.add(service_package())
    with mirror:
        yield mirror


def test_apt_installs_a_package_with_a_service_user(single, debian_image, served):
    sources = ["rm -f /etc/apt/sources.list.d/*", f"echo '{served.address}' >/etc/apt/sources.list"]
    id = single("build", "--from", debian_image, "--run", *sources, "--layer", "--apt", "moo")
    assert single("run", id, "moo", "hi") == "moo hi"
    modes = single("run", id, "stat", "-c", "%A %U %n", "/usr/bin/moo", "/usr/bin/moo-helper", "/var/lib/moo", "/var/lib/moo/own")
    assert modes.split("\n") == [
        "-rwxr-sr-x root /usr/bin/moo", "-rwsr-x--- root /usr/bin/moo-helper", "drwxr-s--- root /var/lib/moo",
        "-rw-r--r-- root /var/lib/moo/own"]
    assert "moo" in single("run", id, "id", "moo")
    made = [str(path) for path in single.data.rglob("*plash*")]
    assert made == []


def test_apt_in_a_run(single, debian_image, served):
    script = f"echo '{served.address}' >/etc/apt/sources.list && apt-get -qq update && apt-get -qq install moo >/dev/null && moo hi"
    assert single("run", debian_image, "sh", "-c", script).splitlines()[-1] == "moo hi"


def test_only_images_with_apt_get_its_configuration(single, image, debian_image):
    assert single.try_("run", image, "ls", "/etc/apt").status == 1
    assert "zz-plash-single-id" in single("run", debian_image, "ls", "/etc/apt/apt.conf.d")


def test_a_debian_is_made(single, served):
    macros = ["--from-debian", "test", "--apt", "moo", "--", "moo", "hi"]
    assert single(*macros, env={"PLASH_DEBIAN_MIRROR": served.address}, timeout=300) == "moo hi"


# Namespaces that others made


def test_plash_in_plash(single, image, stage):
    """The inner one is root of the outer's namespace, and emulates root as well."""
    inner = [single.command, "--from", image, "--run", "touch /inner; chown 5:6 /inner", "--", "stat", "-c", "%u:%g", "/inner"]
    environment = f"PLASH_DATA={single.data}"
    assert single("run", "--map", str(stage), image, "env", environment, *inner) == "0:0"


def test_a_namespace_with_one_id(full):
    """Whoever has ids elsewhere has none in there."""
    macros = ["--from-busybox", "--run", "touch /a; chown 5:6 /a", "--", "stat", "-c", "%u:%g", "/a"]
    result = full.host("unshare", "--user", "--map-root-user", "--mount", full.command, *macros)
    assert (result.status, result.text) == (0, "0:0\n"), result


def test_create_emulates_root(single, image):
    id = single("create", image, "sh", "-c", "touch /a && chown 5:6 /a && mknod /x c 1 3")
    assert single("run", id, "stat", "-c", "%u:%g", "/a") == "0:0"
