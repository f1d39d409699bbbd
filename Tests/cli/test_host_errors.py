"""Hosts that give no user namespace, or no place for a store: one line says what is wrong and what to do.

None of this touches the host: what is missing is covered up in a private mount namespace, or refused by strace or by a
nested user namespace.
"""

import ctypes
import os
import platform
import re
import shlex
import struct

import pytest
from harness import impossible, Scratch


@pytest.fixture
def arranged(plash, busybox, user_only):
    """Runs `plash run` as the user after root has done something to a mount namespace of its own."""

    if os.geteuid() != 0:
        impossible("takes root to arrange")

    def run(*preparations, start="", words=("run", busybox, "true"), status=1):
        command = shlex.join(plash.account.wrap() + [plash.command, *words])
        script = "\n".join(["set -e", *preparations, f"exec {start} {command}"])
        result = plash.host("unshare", "--mount", "sh", "-c", script, as_root=True)
        assert (result.status, result.out) == (status, b""), result
        assert result.errors.startswith("plash error: ") and result.errors.count("\n") == 1, result
        return result.errors.removeprefix("plash error: ").removesuffix("\n")

    return run


@pytest.fixture
def fakes():
    """A folder in which things are made that cover up others."""
    scratch = Scratch("/var/tmp", "plash-fakes-")
    yield scratch.path
    scratch.remove()


def fake(path, content="", mode=0o644):
    path.write_text(content)
    path.chmod(mode)
    return path


def sysctls(folder, **values):
    """A stand-in for /proc/sys/kernel."""
    folder = folder / "kernel"
    folder.mkdir()
    for name, value in values.items():
        fake(folder / name, f"{value}\n")
    return f"mount --bind {folder} /proc/sys/kernel"


def refused(call, error, plash, busybox):
    """`plash run` with a system call that fails."""
    strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-u", plash.account.name, "-e", f"inject={call}:error={error}"]
    return shlex.join(strace + [plash.command, "run", busybox, "true"])


def errors_of(plash, *argv, as_root=True, **options):
    result = plash.host(*argv, as_root=as_root, **options)
    assert (result.status, result.out) == (1, b""), result
    assert result.errors.startswith("plash error: ") and result.errors.count("\n") == 1, result
    return result.errors.removeprefix("plash error: ").removesuffix("\n")


# M1: namespaces are switched off, or there are too many


@pytest.mark.row("J2", "J3")
@pytest.mark.parametrize("limit", ["max_user_namespaces", "max_mnt_namespaces"])
def test_a_limit_of_zero(plash, busybox, user_only, limit):
    script = f'echo 0 >/proc/sys/user/{limit} && exec "$0" run "$1" true'
    nested = ["unshare", "--user", "--map-current-user", "--keep-caps", "sh", "-c", script, plash.command, busybox]
    assert errors_of(plash, *nested, as_root=False) == (
        f"user namespaces are switched off (user.{limit} is 0); run: sudo sysctl -w user.{limit}=15000")


@pytest.mark.row("J8")
def test_too_many_nested(plash, busybox, user_only):
    nested = ["unshare", "--user", "--map-current-user"]
    levels = 0
    while plash.host(*nested * (levels + 1), "true").status == 0:
        levels += 1
    message = errors_of(plash, *nested * levels, plash.command, "run", busybox, "true", as_root=False)
    assert message == "too many nested user namespaces (limit 32)"


# M2, M3: forbidden by a setting


@pytest.mark.row("J4")
def test_forbidden_by_sysctl(plash, busybox, user_only, fakes):
    script = f"{sysctls(fakes, unprivileged_userns_clone=0)} && exec {refused('unshare', 'EPERM', plash, busybox)}"
    assert errors_of(plash, "unshare", "--mount", "sh", "-c", script) == (
        "unprivileged user namespaces are switched off; run: sudo sysctl -w kernel.unprivileged_userns_clone=1")


APPARMOR = ("AppArmor forbids user namespaces for plash (Ubuntu 24.04 default); allow it with the profile printed by "
            "'plash help apparmor', or run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")


@pytest.mark.row("J5")
@pytest.mark.parametrize("call", ["unshare", "mount_setattr,move_mount,mount,fsopen,fsmount,open_tree"], ids=["unshare", "mount"])
def test_forbidden_by_apparmor(plash, busybox, user_only, fakes, call):
    setting = sysctls(fakes, apparmor_restrict_unprivileged_userns=1)
    script = f"{setting} && exec {refused(call, 'EACCES', plash, busybox)}"
    assert errors_of(plash, "unshare", "--mount", "sh", "-c", script) == APPARMOR


@pytest.mark.row("J5")
def test_apparmor_lets_the_helpers_fail(arranged, fakes):
    helper = fake(fakes / "newuidmap", "#!/bin/sh\necho 'newuidmap: write to uid_map failed: Operation not permitted' >&2\nexit 1\n", 0o4755)
    assert arranged(sysctls(fakes, apparmor_restrict_unprivileged_userns=1), f"mount --bind {helper} /usr/bin/newuidmap") == APPARMOR


# M4: containers and chroots


def without_unshare():
    """What docker does: a seccomp filter that answers EPERM."""
    number = {"x86_64": 272, "aarch64": 97}[platform.machine()]
    code = b"".join(struct.pack("HBBI", *line) for line in (
        (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000)))
    buffer = ctypes.create_string_buffer(code)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    program = Program(4, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None)
    assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(program)) == 0


@pytest.mark.row("J4")
def test_forbidden_by_a_container(plash, busybox, user_only):
    assert plash.error("run", busybox, "true", preexec_fn=without_unshare) == (
        "this container does not allow user namespaces; start it with --privileged or "
        "--security-opt seccomp=unconfined")


@pytest.mark.row("J7")
def test_inside_a_chroot(plash, busybox, user_only, fakes):
    command = shlex.join(plash.account.wrap() + [plash.command, "run", busybox, "true"])
    script = f"mkdir {fakes}/root && mount --rbind / {fakes}/root && exec chroot {fakes}/root {command}"
    assert errors_of(plash, "unshare", "--mount", "sh", "-c", script) == (
        "user namespaces do not work inside a chroot")


@pytest.mark.row("J7")
@pytest.mark.parametrize("account", ["root"], indirect=True)
def test_root_inside_a_chroot(plash, busybox, account, fakes):
    """What it mounted on its root would be seen outside."""
    folders = " ".join(f"mkdir {fakes}/root/{name} && mount --rbind /{name} {fakes}/root/{name};" for name in ("usr", "proc", "var"))
    links = f"ln -s usr/bin usr/lib usr/lib64 usr/sbin {fakes}/root;"
    script = f"mkdir {fakes}/root; {folders} {links} exec chroot {fakes}/root {plash.command} run {busybox} true"
    assert errors_of(plash, "unshare", "--mount", "sh", "-c", script).startswith("the root directory is no mount; if this is a chroot")


# M5: no subordinate ids. Nothing fails for it alone; what fails says it


@pytest.fixture
def single(plash, busybox, user_only):
    """After these preparations runs work with a single id; gives what a build that fails says of it."""

    def run(*preparations):
        def arranged(*words):
            command = shlex.join(plash.account.wrap() + [plash.command, *words])
            script = "\n".join(["set -e", *preparations, f"exec {command}"])
            return plash.host("unshare", "--mount", "sh", "-c", script, as_root=True)

        assert arranged("run", busybox, "cat", "/proc/self/uid_map").text.split() == ["0", str(plash.account.uid), "1"]
        result = arranged("build", "--from", busybox, "--run", "exit 3")
        assert result.status == 1
        start = "plash: there is no user but root in this build: "
        return [line.removeprefix(start) for line in result.errors.splitlines() if line.startswith(start)]

    return run


@pytest.mark.row("J1")
@pytest.mark.parametrize("file", ["/etc/subuid", "/etc/subgid"])
def test_no_subordinate_ids(plash, single, fakes, file):
    name = plash.account.name
    assert single(f"mount --bind {fake(fakes / 'empty')} {file}") == [
        f"no subordinate ids for user {name}; run: sudo usermod --add-subuids 100000-165535 "
        f"--add-subgids 100000-165535 {name}"]


@pytest.mark.row("J1")
def test_a_line_by_number_counts(plash, busybox, user_only, fakes):
    lines = open("/etc/subuid").read().replace(f"{plash.account.name}:", f"{plash.account.uid}:")
    script = f"mount --bind {fake(fakes / 'numbers', lines)} /etc/subuid && exec "
    script += shlex.join(plash.account.wrap() + [plash.command, "run", busybox, "id", "-u"])
    assert plash.host("unshare", "--mount", "sh", "-c", script, as_root=True).text == "0\n"


@pytest.mark.row("J13")
def test_a_user_without_a_name(plash, busybox, user_only, fakes):
    """A uid without a line in /etc/passwd, without HOME."""
    data = fakes / "data"
    data.mkdir(mode=0o700)
    os.chown(data, 54321, 54321)
    become = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    result = plash.host(
        *become, "env", "-u", "HOME", f"PLASH_DATA={data}", plash.command, "--from-busybox", "--", "sh", "-c", "echo $HOME",
        as_root=True)
    assert (result.status, result.text) == (0, "/\n"), result
    message = errors_of(plash, *become, "env", "-u", "HOME", "-u", "PLASH_DATA", plash.command, "init")
    assert message == "neither PLASH_DATA nor HOME is set, and you have no line in /etc/passwd; set PLASH_DATA"


# M6: newuidmap. One that is missing is as good as no ids; one that is broken should be repaired


@pytest.mark.row("J6")
@pytest.mark.parametrize("helper", ["newuidmap", "newgidmap"])
def test_a_helper_is_missing(single, helper):
    assert single(f"mount --bind /dev/null /usr/bin/{helper}") == [
        f"{helper} not found; install the package uidmap (Debian, Ubuntu) or shadow-utils (Fedora)"]


@pytest.mark.row("J6")
@pytest.mark.parametrize("helper", ["newuidmap", "newgidmap"])
def test_a_helper_has_lost_its_rights(arranged, fakes, helper):
    copy = f"cp /usr/bin/{helper} {fakes}/copy; chmod 755 {fakes}/copy; mount --bind {fakes}/copy /usr/bin/{helper}"
    assert arranged(copy) == f"/usr/bin/{helper} has lost its setuid bit; reinstall the package"


@pytest.mark.row("J6")
def test_a_helper_refuses(arranged, fakes):
    helper = fake(fakes / "newuidmap", "#!/bin/sh\necho 'newuidmap: not today' >&2\nexit 1\n", 0o4755)
    assert arranged(f"mount --bind {helper} /usr/bin/newuidmap") == (
        "/usr/bin/newuidmap refused to map ids: newuidmap: not today")


# Ids from elsewhere, and helpers that get no rights


def mapped(plash, image, wrap):
    result = plash.host(*plash.account.wrap(), *wrap, plash.command, "run", image, "cat", "/proc/self/uid_map", as_root=True)
    assert result.status == 0, result
    return result.text.split()


@pytest.mark.row("J1")
def test_a_user_whom_a_directory_service_knows(plash, busybox, user_only, fakes):
    """They had a single id, whatever /etc/subuid said of them."""
    data = fakes / "data"
    data.mkdir(mode=0o700)
    os.chown(data, 54331, 54331)
    getent = fake(fakes / "getent", f"#!/bin/sh\necho alice:x:$2:54331::{fakes}:/bin/sh\n", 0o755)
    ids, switch = fake(fakes / "ids", "alice:500000:65536\n"), fake(fakes / "switch", "passwd: files sss\n")
    binds = [f"mount --bind {source} {target}" for source, target in (
        (getent, "/usr/bin/getent"), (ids, "/etc/subuid"), (ids, "/etc/subgid"), (switch, "/etc/nsswitch.conf"))]
    look = f"{plash.command} --from-busybox -- cat /proc/self/uid_map"
    become = f"exec setpriv --reuid=54331 --regid=54331 --clear-groups env PLASH_DATA={data}"
    # newuidmap asks the C library, which asks nobody of that name here: that it is asked for these ids is enough.
    result = plash.host("unshare", "--mount", "sh", "-ec", "\n".join([*binds, f"{become} {look}"]), as_root=True)
    assert "newuidmap" in result.errors or result.text.split()[3:5] == ["1", "500000"], result


@pytest.mark.row("J1")
def test_ids_that_cannot_be_read(single, fakes):
    """Not: that there are none, and what to do about that."""
    assert single(f"cp /etc/subuid {fakes}/ids; chmod 600 {fakes}/ids; mount --bind {fakes}/ids /etc/subuid") == [
        "cannot make a user namespace: open /etc/subuid: Permission denied"]


@pytest.mark.row("J6")
@pytest.mark.parametrize("words", [["setpriv", "--no-new-privs"], ["unshare", "-U", "--map-current-user"]], ids=lambda words: words[0])
def test_where_newuidmap_can_do_nothing_there_is_one_id(plash, busybox, user_only, words):
    assert mapped(plash, busybox, words)[1:] == [str(plash.account.uid), "1"]


@pytest.mark.row("J6")
@pytest.mark.parametrize("account", ["root"], indirect=True)
def test_root_that_may_not_map_root(plash, busybox, account):
    assert errors_of(plash, "setpriv", "--bounding-set=-all", "--inh-caps=-all", plash.command, "run", busybox, "true").startswith(
        "root lacks CAP_SETFCAP here")


# Programs of the host


def test_a_program_of_the_host_that_is_missing(plash, busybox, work):
    assert plash.error("copy", busybox, f"{work}/copy", env={"PATH": "/nonexistent"}) == "exec cp: No such file or directory"


def test_a_helper_that_does_not_start_shows_no_password(plash, busybox):
    """It had not read what it was asked for, which was taken for its answer."""
    helper = plash.stage / "libexec/plash/plash-import"
    script = f"mount --bind /bin/false {helper}; exec "
    script += shlex.join([*plash.account.wrap(), plash.command, "import-url", "http://user:secretpw@127.0.0.1:1/x"])
    assert errors_of(plash, "unshare", "--mount", "sh", "-ec", script) == "the import ended with exit status 1"


# M7, M8: the data directory


@pytest.mark.row("J11")
def test_a_store_that_others_can_read(plash, fresh):
    fresh("init")
    fresh.data.chmod(0o755)
    assert fresh.error("build", "--from-busybox") == (
        f"{fresh.data} is accessible to other users (mode 755); run: chmod 700 {fresh.data}")
    fresh.data.chmod(0o700)


@pytest.mark.row("J11")
def test_a_store_of_somebody_else(fresh, account):
    if os.geteuid() != 0:
        impossible("takes root to give it away")
    fresh("init")
    owner = 0 if not account.is_root else 65534
    os.chown(fresh.data, owner, owner)
    result = fresh.try_("map", "x")
    os.chown(fresh.data, account.uid, account.gid)
    expected = f"plash error: {fresh.data} belongs to uid {owner}, not to you\n" if account.is_root else None
    assert result.status == 1 and result.errors.count("\n") == 1
    assert expected is None and "ermission denied" in result.errors or result.errors == expected


@pytest.mark.row("J11")
def test_a_store_on_an_overlay(plash, account, fakes):
    if os.geteuid() != 0:
        impossible("takes root to mount")
    script = f"""
        set -e
        cd {fakes}; mkdir lower upper work point; chown {account.uid}:{account.gid} lower upper
        mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work point
        export PLASH_DATA={fakes}/point/data
        become='{shlex.join(account.wrap())}'
        base=$($become {plash.command} build --from-busybox)
        $become {plash.command} run "$base" echo runs
        exec $become {plash.command} build --from "$base" --run true
    """
    result = plash.host("unshare", "--mount", "sh", "-c", script, as_root=True)
    assert (result.status, result.text) == (1, "runs\n"), result
    assert result.errors == (f"plash error: {fakes}/point/data is on overlayfs, which cannot hold layers; set PLASH_DATA "
                             "to a directory on ext4, xfs, btrfs or tmpfs\n")


@pytest.mark.parametrize("name", ["a,b:c", "a b\nc", "a\\b:\\", "%s", "-x", "x" * 200, "\u00e9\udcff"],
                         ids=["separators", "blanks", "backslashes", "percent", "dash", "long", "bytes"])
@pytest.mark.row("J11")
def test_a_store_with_any_name(fresh, name):
    plash = fresh.on(fresh.data.parent / f"{fresh.data.name}-{name}")
    base = plash("build", "--from-busybox")
    image = plash("build", "--from", base, "--run", "echo x >/file", "--layer", "--run", "echo y >>/file")
    for changes in ("memory", "disk"):
        assert plash("run", image, "cat", "/file", env={"PLASH_CHANGES": changes}) == "x\ny"
    plash.assert_nothing_left()


@pytest.mark.row("J11")
def test_a_relative_store(fresh):
    base = fresh("build", "--from-busybox", env={"PLASH_DATA": fresh.data.name}, cwd=fresh.data.parent)
    assert fresh("run", base, "echo", "hi") == "hi"


@pytest.mark.row("J11")
def test_a_store_behind_a_link(fresh):
    fresh("init")
    link = fresh.data.with_name(fresh.data.name + "-link")
    link.symlink_to(fresh.data)
    base = fresh.on(link)("build", "--from-busybox")
    assert fresh("run", base, "echo", "hi") == "hi"


def test_a_store_can_be_moved(fresh):
    base = fresh("build", "--from-busybox")
    image = fresh("build", "--from", base, "--run", "echo x >/file")
    moved = fresh.on(fresh.data.with_name(fresh.data.name + "-moved"))
    fresh.data.rename(moved.data)
    assert moved("run", image, "cat", "/file") == "x"


def test_a_store_that_cannot_be_made(plash):
    assert plash.on("/proc/none/data").error("init").startswith("mkdir /proc/none")


# M9 and other oddities


@pytest.mark.row("J18")
def test_an_old_kernel(plash, busybox, user_only):
    """The version is looked at when something fails."""
    start = "setarch --uname-2.6 " + refused("fsconfig,mount", "EINVAL", plash, busybox)
    message = errors_of(plash, "sh", "-c", f"exec {start}")
    assert message.startswith("Linux 5.12 or newer is needed (this is 2.6.")


MISSING = re.compile(
    r"plash error: the system call \w+ is not there, though Linux 5\.12 has it: a filter of the container around plash, or "
    "a kernel that is not Linux")


@pytest.mark.row("J18")
def test_system_calls_that_old_kernels_do_not_have(plash, busybox):
    """Each for itself: another way is taken, or one line says what is missing."""
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")
    for call in ("openat2", "close_range", "fsopen", "fsconfig", "move_mount", "clone3", "pidfd_open"):
        strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-u", plash.account.name, "-e", f"inject={call}:error=ENOSYS"]
        run = plash.host(*strace, plash.command, "run", busybox, "echo", "ran", as_root=True)
        build = plash.host(*strace, plash.command, "build", "--from", busybox, "--run", f": {os.urandom(4).hex()}", as_root=True)
        if call in ("openat2", "close_range", "renameat2", "clone3", "pidfd_open"):
            assert run.text == "ran\n" and build.status == 0, (call, run, build)
            continue
        for result in (run, build):
            assert result.status == 1 and MISSING.fullmatch(result.errors.splitlines()[-1]), (call, result)


@pytest.mark.row("J9")
def test_a_proc_that_is_covered_in_part(plash, busybox):
    """As in most containers: the kernel allows no new /proc then, so the host's has to do."""
    if os.geteuid() != 0:
        impossible("takes root to cover it")
    macros = [plash.command, "build", "--from", busybox, "--run", f"echo built {os.urandom(4).hex()}", "cat /proc/self/comm"]
    script = f"mount -t tmpfs none /proc/sys/fs && exec {shlex.join(plash.account.wrap() + macros)}"
    result = plash.host("unshare", "--mount", "sh", "-c", script, as_root=True)
    assert result.status == 0 and "\ncat\n" in result.errors, result


@pytest.mark.parametrize("limit", ["-n 40", "-s 256"])
def test_small_limits(plash, busybox, limit):
    result = plash.host("sh", "-c", f'ulimit {limit}; exec "$0" run "$1" echo fine', plash.command, busybox)
    assert result.text == "fine\n", result


def test_a_helper_of_imports_is_missing(plash, fresh):
    (fresh.data.parent / "bin").mkdir(exist_ok=True)
    alone = fresh.data.parent / "bin/plash"
    alone.write_bytes((plash.stage / "bin/plash").read_bytes())
    alone.chmod(0o755)
    result = fresh.host(str(alone), "build", "--from-busybox")
    assert result.status == 1 and "the helper that imports images is missing" in result.errors


def without_busybox(plash, *words):
    if os.geteuid() != 0:
        impossible("takes root to cover it")
    script = "for file in /bin/busybox /usr/bin/busybox; do mount --bind /bin/true $file; done; exec "
    script += shlex.join(plash.account.wrap() + [plash.command, *words])
    return plash.host("unshare", "--mount", "sh", "-c", script, as_root=True)


def test_no_static_busybox_names_the_package(fresh):
    result = without_busybox(fresh, "build", "--from-busybox")
    assert result.status == 1 and "busybox-static" in result.errors, result


def test_a_host_that_does_not_suit(fresh):
    """`plash test` says it in the words of the command that failed, and leaves nothing."""
    result = without_busybox(fresh, "test")
    assert result.status == 1 and result.errors == "plash error: plash does not work here: plash build --from-busybox failed\n"
    lines = result.text.splitlines()
    assert lines[1] == "not ok 1 - import" and "busybox-static" in result.text
    assert all(line.startswith("# ") for line in lines[2:]), result
    assert os.listdir(fresh.data / "tmp") == []
