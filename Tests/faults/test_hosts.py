"""Rows J: odd hosts, odd callers."""

import os
import re
import resource
import shlex
import shutil
import signal
import stat
import subprocess
import time

import pytest
from harness import Scratch, eventually, impossible
from images import Archive


def step(*lines):
    return ["--run", f": {os.urandom(6).hex()}", *lines]


@pytest.fixture
def fakes():
    scratch = Scratch("/var/tmp", "plash-fakes-")
    yield scratch.path
    scratch.remove()


def arranged(plash, *preparations, words):
    """The command line of plash as the account after root's preparations, in a mount namespace of its own."""
    if os.geteuid() != 0:
        impossible("takes root to arrange")
    command = shlex.join(plash.account.wrap() + [plash.command, *words])
    return ["unshare", "--mount", "sh", "-c", "\n".join(["set -e", *preparations, f"exec {command}"])]


def error_of(result, status=1):
    assert (result.status, result.out) == (status, b""), result
    assert result.errors.startswith("plash error: ") and result.errors.count("\n") == 1, result
    return result.errors.removeprefix("plash error: ").removesuffix("\n")


# J6: a helper that hangs


@pytest.fixture
def hanging(plash, busybox, user_only, fakes):
    """plash where newuidmap does not come to an end."""
    helper = fakes / "newuidmap"
    helper.write_text("#!/bin/sh\nexec sleep 60\n")
    helper.chmod(0o755)

    def start(*words, **options):
        argv = arranged(plash, f"mount --bind {helper} /usr/bin/newuidmap", words=words)
        return subprocess.Popen(argv, env=plash.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True, **options)

    return start


def has_child(process):
    return subprocess.run(["pgrep", "-P", str(process.pid), "-f", "sleep"], stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.row("J6")
@pytest.mark.parametrize("kind", ["run", "build"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_helper_that_hangs_can_be_interrupted(plash, busybox, hanging, kind, number):
    process = hanging(*(["run", busybox, "true"] if kind == "run" else ["build", "--from", busybox, *step()]))
    assert eventually(lambda: has_child(process))
    process.send_signal(number)
    assert process.wait(timeout=3) == -number
    os.killpg(process.pid, signal.SIGKILL) if kind == "run" else None
    process.communicate()


@pytest.mark.nightly
@pytest.mark.row("J6")
def test_a_helper_that_hangs_is_given_up(busybox, hanging):
    process = hanging("run", busybox, "true")
    out, err = process.communicate(timeout=40)
    assert (process.returncode, out) == (1, b"")
    assert err.decode() == (
        "plash error: /usr/bin/newuidmap has not come to an end in 20 seconds; it asks for users and groups where "
        "/etc/nsswitch.conf says, a directory service perhaps\n")


# J9: /proc


@pytest.mark.row("J9")
@pytest.mark.parametrize("words", [["--version"], ["init"], ["build", "--from-busybox"], ["run", "1", "true"], []])
def test_without_proc(plash, busybox, work, words):
    """The runtime of the language would end the process before its first line."""
    for name in ("plash", "plash-exec"):
        (work / name).write_bytes((plash.stage / "bin" / name).read_bytes())
        (work / name).chmod(0o755)
        result = plash.try_("runopts", "-c", busybox, "-m", str(work), str(work / name), *words)
        assert error_of(result) == "there is no /proc here, and nothing works without it; run: mount -t proc proc /proc"


# J10: a container without rights


@pytest.mark.row("J10")
def test_in_a_container_without_rights(plash, stage, fakes):
    """podman as root gives its containers what docker does: a filter of system calls, few capabilities, a masked /proc."""
    if not plash.account.is_root:
        return  # The user of a container is root.
    if not shutil.which("podman") or not shutil.which("runc"):
        impossible("podman and runc are not installed")
    root = fakes / "root"
    for folder in ("bin", "proc", "dev", "tmp", "etc", "home", "sys", "plash", "root"):
        (root / folder).mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin/busybox")
    for applet in ("sh", "mkdir", "cp"):
        (root / "bin" / applet).symlink_to("busybox")
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    script = ("mkdir -p /tmp/root/bin /tmp/root/etc && cp /bin/busybox /tmp/root/bin/sh && cp /etc/passwd /tmp/root/etc && "
              "id=$(plash add-layer 0 /tmp/root) && plash --from-id $id --run 'echo inside >/file' -- sh -c 'read l </file; echo $l'")
    argv = ["podman", "--runtime", shutil.which("runc"), "--cgroup-manager=cgroupfs", f"--root={fakes}/storage",
            f"--runroot={fakes}/run", f"--tmpdir={fakes}/tmp", "run", "--rm", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000",
            "--cgroups=no-conmon", "--network=none", f"--volume={stage}:/plash:ro", "--env=PATH=/plash/bin:/bin",
            "--env=PLASH_DATA=/tmp/data", "--rootfs", str(root), "sh", "-c", script]
    result = plash.host(*argv, as_root=True)
    if (result.status, result.out) != (0, b"inside\n"):
        lines = [line for line in result.errors.splitlines() if line.startswith("plash error: ")]
        assert lines == ["plash error: this container does not allow user namespaces; start it with --privileged or "
                         "--security-opt seccomp=unconfined"], result


# J11: where the data are


def on_tmpfs(plash, fakes, options):
    point = fakes / "point"
    point.mkdir()
    return (f"mount -t tmpfs -o mode=0700,uid={plash.account.uid},gid={plash.account.gid},{options} tmpfs {point}", point)


@pytest.mark.row("J11")
@pytest.mark.parametrize("options", ["noexec", "nosuid", "nodev"])
def test_a_store_with_mount_options(plash, fakes, options):
    """The overlay does not have them."""
    mount, point = on_tmpfs(plash, fakes, options)
    macros = ["--from-busybox", *step("echo x >/file"), "--", "cat", "/file"]
    result = plash.host(*arranged(plash, mount, f"export PLASH_DATA={point}", words=macros), as_root=True)
    assert result.text == "x\n", result


@pytest.mark.row("J11")
def test_a_store_that_cannot_be_written_to(plash, fresh, fakes):
    """What is there runs; what is to be made fails with one line."""
    base = fresh("build", "--from-busybox")
    fresh("run", base, "true")
    readonly = f"mount --bind {fresh.data} {fresh.data}; mount -o remount,bind,ro {fresh.data}"
    run = fresh.host(*arranged(fresh, readonly, words=["run", base, "echo", "runs"]), as_root=True)
    assert run.text == "runs\n", run
    build = fresh.host(*arranged(fresh, readonly, words=["build", "--from-id", base, *step()]), as_root=True)
    assert "Read-only file system" in error_of(build)


@pytest.mark.row("J11")
def test_a_store_that_is_no_directory(plash, work):
    (work / "file").write_text("")
    assert plash.on(work / "file").error("init") == f"open {work}/file: Not a directory"
    (work / "link").symlink_to(work / "nowhere")
    assert plash.on(work / "link").try_("init").status in (0, 1)


@pytest.mark.row("J11", "J16")
def test_a_store_that_somebody_planted(plash, account, work, user_only):
    """In a folder where everybody may write, somebody else was first."""
    if os.geteuid() != 0:
        impossible("takes root to be somebody else")
    (work / "shared").mkdir()
    (work / "shared").chmod(0o1777)
    planted = work / "shared/data"
    planted.mkdir(mode=0o755)
    os.chown(planted, 65534, 65534)
    assert plash.on(planted).error("init") == f"{planted} belongs to uid 65534, not to you"
    (work / "shared/link").symlink_to(planted)
    assert plash.on(work / "shared/link").error("init") == f"{work}/shared/link belongs to uid 65534, not to you"


@pytest.mark.row("J11")
def test_a_store_in_a_long_path(plash, work):
    deep = work
    for _ in range(6):
        deep = deep / ("d" * 250)
    deep = plash.on(deep)
    base = deep("build", "--from-busybox")
    assert deep("--from-id", base, *step("echo x >/f"), "--", "cat", "/f") == "x"


# J12: inside each other


@pytest.mark.row("J12")
def test_stores_inside_containers(plash, busybox, stage):
    """An overlay on an overlay works, one more does not, and that is what is said."""
    program = f"{stage}/bin/plash"
    inner = ("export PLASH_DATA=/data; mkdir -p /root2/bin /root2/etc; cp /bin/busybox /root2/bin/busybox; cp /bin/busybox /root2/bin/sh; "
             f"cp /bin/busybox /root2/bin/cp; cp /bin/busybox /root2/bin/mkdir; id=$({program} add-layer 0 /root2) && "
             f"exec {program} run --map {stage} $id ")
    once = plash.try_("run", "--map", str(stage), busybox, "sh", "-c", inner + "sh -c 'echo inside'")
    assert (once.status, once.text) == (0, "inside\n"), once
    twice = plash.try_("run", "--map", str(stage), busybox, "sh", "-c", inner + f"sh -c '{inner} sh'")
    assert error_of(twice) == ("/data is on overlayfs, which cannot hold layers; set PLASH_DATA to a directory on ext4, xfs, "
                               "btrfs or tmpfs"), twice


# J13: odd callers


@pytest.mark.row("J13")
@pytest.mark.parametrize("umask", [0o000, 0o027, 0o077, 0o177, 0o777])
def test_the_store_does_not_depend_on_the_umask(fresh, umask):
    """Nor do layers. What runs keeps its caller's, as it keeps the current directory."""
    options = {"preexec_fn": lambda: os.umask(umask) and None}
    archive = Archive().folder("etc/d", mode=0o751).file("etc/f", b"x", mode=0o640).bytes()
    base = fresh("import-tar", input=archive, **options)
    image = fresh("build", "--from-id", base, "--run", "mkdir /d; echo x >/f; umask", **options)
    made = fresh("create", image, "sh", "-c", "umask 022; mkdir /c", **options)
    fresh("map", "name", image, **options)
    fresh("run", "--from-id", base, "--run", "mkdir /e", "--", "true", **options)
    expected = {base: {"etc/d": 0o751, "etc/f": 0o640, ".": 0o755}, image: {"d": 0o755, "f": 0o644, ".": 0o755},
                made: {"c": 0o755, ".": 0o755}}
    root = fresh.data / "data"
    modes = lambda id: {name: stat.S_IMODE((root / id / "root" / name).lstat().st_mode) for name in expected[id]}
    assert {id: modes(id) for id in expected} == expected
    assert stat.S_IMODE(fresh.data.stat().st_mode) == 0o700
    own = {str(path.relative_to(fresh.data)): stat.S_IMODE(path.lstat().st_mode) for path in
           [*fresh.data.iterdir(), *(root / image).iterdir(), fresh.data / f"layer/0/{base}", fresh.data / f"layer/0/{base}/{image}"]
           if not path.is_symlink()}
    assert {path: oct(mode) for path, mode in own.items() if mode & 0o700 < 0o600 or mode & 0o022} == {}, own
    assert len({mode for path, mode in own.items() if path.startswith("data/") and "ran-in" not in path and "root" not in path}) == 1, own
    assert fresh("run", image, "sh", "-c", "umask", **options) == f"{umask:04o}"


@pytest.mark.row("J13")
def test_mount_points_do_not_depend_on_the_umask(plash):
    image = Archive().imported(plash)
    seen = plash("run", image, "stat", "-c", "%a %n", "/", "/home", "/etc", preexec_fn=lambda: os.umask(0o077) and None)
    assert seen.splitlines()[0] == "755 /" and seen.splitlines()[2] == "755 /etc", seen


@pytest.mark.row("J11")
def test_changes_on_disk_where_nothing_can_be_written(plash, busybox, fakes):
    """Whoever makes the folder for them says why it could not."""
    script = f"mount --bind {plash.data} {plash.data}; mount -o remount,ro,bind {plash.data}; exec "
    script += shlex.join([*plash.account.wrap(), plash.command, "run", busybox, "true"])
    result = plash.host("unshare", "--mount", "sh", "-ec", script, as_root=True, env={"PLASH_CHANGES": "disk"})
    assert result.errors.endswith(": Read-only file system\n") and "exec" not in result.errors, result


@pytest.mark.row("J11")
def test_changes_in_a_folder_that_cannot_hold_them(plash, busybox, fakes):
    binds = f"cd {fakes}; mkdir l u w m; mount -t overlay x -o lowerdir=l,upperdir=u,workdir=w m; chown {plash.account.uid} m; exec "
    script = binds + shlex.join([*plash.account.wrap(), plash.command, "run", "--persist", f"{fakes}/m/kept", busybox, "true"])
    result = plash.host("unshare", "--mount", "sh", "-ec", script, as_root=True)
    assert error_of(result) == (f"{fakes}/m/kept/data is on overlayfs, which cannot hold the changes of a run; choose a directory "
                                "on ext4, xfs, btrfs or tmpfs")


@pytest.mark.row("J13")
def test_a_large_environment(plash, busybox):
    """As much as the kernel passes on."""
    env = {f"LARGE_{number}": "x" * 100_000 for number in range(40)}
    limit = lambda: resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_STACK)[1]))
    options = {"env": env | {"PLASH_EXPORT": "LARGE_7"}, "preexec_fn": limit}
    assert plash("run", busybox, "sh", "-c", "echo ${#LARGE_7} ${#LARGE_8}", **options) == "100000 0"
    assert plash("build", "--from", busybox, *step(), **options).isdigit()


@pytest.mark.row("J13")
@pytest.mark.parametrize("env", [{"HOME": None}, {"HOME": ""}, {"LANG": "C", "LC_ALL": "C"}, {"PATH": None}, {"SHELL": None, "TERM": None}],
                         ids=["no-home", "empty-home", "lang-c", "no-path", "no-shell"])
def test_odd_environments(plash, busybox, env):
    assert plash("run", busybox, "echo", "fine", env=env) == "fine"
    assert plash("build", "--from", busybox, *step("echo \u00e9"), env=env).isdigit()


@pytest.mark.row("J13")
def test_odd_places_and_no_terminal(plash, busybox, work):
    (work / "gone").mkdir()
    plash.account.owns(work / "gone")
    script = f'cd {work}/gone && rmdir {work}/gone && exec "$@"'
    for words in (["run", busybox, "true"], ["build", "--from", busybox, *step()], ["create", busybox, "true"],
                  ["map", "x"], ["ls"], ["import-tar"]):
        for closed in ("", " <&- >&- 2>&-"):
            if words[0] == "import-tar" and closed:
                continue
            result = plash.host("setsid", "--wait", "sh", "-c", script + closed, "sh", plash.command, *words,
                                input=Archive().bytes() if words[0] == "import-tar" else b"")
            assert result.status == (0 if not closed or words[0] == "run" else result.status), (words, closed, result)
            assert result.status in (0, 1), (words, closed, result)
            (work / "gone").mkdir()
            plash.account.owns(work / "gone")


@pytest.mark.row("J13")
def test_root_of_a_user_namespace(plash, busybox, work, user_only):
    """Root in a namespace of somebody else's making is no root of the host."""
    inner = plash.on(work / "data")
    result = inner.host("unshare", "--map-root-user", "--mount", "sh", "-c", '"$0" --from-busybox -- id -u', plash.command)
    assert (result.status, result.text) == (0, "0\n"), result


# J14, J15: what must not get inside


@pytest.mark.row("J14")
def test_descriptors_of_the_caller_end_outside(plash, busybox):
    look = "ls -l /proc/self/fd | sed -n 's/.* \\([0-9]*\\) -> .*/\\1/p' | grep -v '^[012]$' | wc -l >&2"
    for words in (["run", busybox, "sh", "-c", look], ["build", "--from", busybox, *step(look)], ["create", busybox, "sh", "-c", look]):
        plain = plash.try_(*words)
        words = [word if not word.startswith(": ") else f": {os.urandom(6).hex()}" for word in words]
        script = 'exec 5</etc/hostname 9</etc/hostname 77</etc/hostname; exec "$@"'
        result = plash.host("bash", "-c", script, "bash", plash.command, *words)
        count = lambda result: [line for line in result.errors.splitlines() if line.strip().isdigit()]
        assert count(result) == count(plain) and len(count(result)) == 1, (plain, result)


@pytest.mark.row("J15")
def test_variables_of_the_caller_end_outside(plash, busybox):
    env = {"SECRET": "s3cret", "IFS": "x", "ENV": "/nothing", "BASH_ENV": "/nothing", "LD_PRELOAD": "/nothing", "CDPATH": "/"}
    seen = plash.try_("build", "--from", busybox, *step("cat /proc/self/environ | tr '\\0' '\\n' >&2"), env=env)
    assert seen.status == 0 and "s3cret" not in seen.errors, seen
    names = {line.split("=")[0] for line in seen.errors.splitlines() if re.match("[A-Za-z_]+=", line)}
    assert names <= {"PATH", "HOME", "PWD", "SHLVL", "OLDPWD", "_"}, names
    assert "s3cret" not in plash("run", busybox, "env", env=env)


# J17: root


@pytest.mark.row("J17")
def test_devices_of_archives_are_left_out_for_root_too(plash):
    archive = Archive()
    for name, kind in (("null", b"3"), ("disk", b"4")):
        archive._add(f"etc/{name}", kind, mode=0o666, devmajor=1, devminor=3)
    image = archive.imported(plash)
    assert not {"null", "disk"} & set(plash("run", image, "ls", "/etc").split())


# J18: calls that are not there


MISSING = ("the system call {call} is not there, though Linux 5.12 has it: a filter of the container around plash, or a "
           "kernel that is not Linux")


@pytest.mark.row("J18")
@pytest.mark.parametrize("error", ["ENOSYS", "EPERM"])
@pytest.mark.parametrize("call", ["openat2", "close_range", "renameat2", "clone3", "pidfd_open", "faccessat2", "statx", "memfd_create"])
def test_calls_that_are_done_without(plash, busybox, call, error):
    """Old kernels and old filters do not have them."""
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")
    if (call, error) in {("renameat2", "EPERM"), ("faccessat2", "EPERM")}:
        return  # An answer of file systems and of the C library's own checks, too.
    strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-u", plash.account.name, "-e", f"trace={call}", "-e",
              f"inject={call}:error={error}"]
    run = plash.host(*strace, plash.command, "run", busybox, "echo", "ran", as_root=True)
    build = plash.host(*strace, plash.command, "build", "--from", busybox, *step("echo x >/f"), as_root=True)
    assert (run.text, build.status) == ("ran\n", 0), (run, build)


@pytest.mark.row("J18")
def test_descriptors_above_the_limit_without_close_range(plash, busybox):
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")

    def keep_one_high():
        os.dup2(1, 900)
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, 4096))

    strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-u", plash.account.name, "-e", "trace=close_range", "-e",
              "inject=close_range:error=ENOSYS"]
    result = plash.host(*strace, plash.command, "run", busybox, "ls", "/proc/self/fd", as_root=True, close_fds=False,
                        preexec_fn=keep_one_high)
    assert result.text.split() == ["0", "1", "2", "3"], result


@pytest.mark.row("J18")
def test_a_kernel_that_takes_options_for_overlays(plash, busybox):
    """Before Linux 6.5; the version is all that is looked at."""
    old = ["setarch", "--uname-2.6", plash.command]
    layers = [word for number in range(60) for word in ("--layer", "--run", f"echo {number} >/file{number}")]
    built = plash.host(*old, "build", "--from", busybox, *layers, *step("rm /file7"))
    assert built.status == 0, built
    script = "cat /file0 /file59; test -e /file7 || grep -o ' / overlay .*[,]lowerdir=[0-9]*:' /proc/self/mounts"
    ran = plash.host(*old, "run", built.out.decode().strip(), "sh", "-c", script)
    assert re.fullmatch(r"0\n59\n / overlay .*,lowerdir=\d+:\n", ran.text), ran
    image = built.out.decode().strip()
    for words, text in ((["with-mount", image, "cat", "file59"], "59\n"), (["diff", image, image], ""),
                        (["sudo", *old, "mount", image, "/mnt"], "")):
        result = plash.host(*old, *words)
        assert (result.status, result.text) == (0, text), result


@pytest.mark.row("J18")
@pytest.mark.parametrize("call,name", [("signalfd4", "signalfd"), ("flock", "flock"), ("syncfs", "syncfs"), ("open_tree", "open_tree"),
                                       ("mount_setattr", "mount_setattr"), ("fsopen", "fsopen"), ("unshare", "unshare")])
def test_calls_that_are_needed_are_named(plash, busybox, call, name, user_only):
    if os.geteuid() != 0:
        impossible("strace has to let newuidmap keep its rights")
    strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-u", plash.account.name, "-e", f"trace={call}", "-e",
              f"inject={call}:error=ENOSYS"]
    result = plash.host(*strace, plash.command, "build", "--from", busybox, *step(), as_root=True)
    assert result.status == 1 and result.out == b"", result
    plash("clean")
    last = result.errors.splitlines()[-1]
    assert last.endswith(MISSING.format(call=name)), result
