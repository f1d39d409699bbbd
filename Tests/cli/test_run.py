"""`plash run`: the program is the process that the user started, with another root file system."""

import fcntl
import os
import pty
import resource
import shlex
import signal
import subprocess
import termios

import pytest
from harness import Scratch, eventually
from images import Archive

OWN_FILES = {0, 1, 2}


def test_prints_what_the_program_prints(plash, busybox):
    result = plash.try_("run", busybox, "sh", "-c", "echo out; echo err >&2")
    assert (result.status, result.out, result.err) == (0, b"out\n", b"err\n")


def test_an_option_in_front_means_run(plash, busybox):
    assert plash("--from", busybox, "--", "echo", "hi") == "hi"


def test_the_program_has_the_pid_that_was_started(plash, busybox):
    process = plash.start([plash.command, "run", busybox, "sh", "-c", "echo $$; exec sleep 60"], stdout=subprocess.PIPE)
    assert int(process.stdout.readline()) == process.pid
    process.kill()
    process.wait()


@pytest.mark.row("E6")
def test_exit_statuses_pass_as_they_are(plash, busybox):
    statuses = [0, 1, 2, 3, 63, 64, 65, 126, 127, 128, 129, 137, 254, 255]
    assert [plash.try_("run", busybox, "sh", "-c", f"exit {n}").status for n in statuses] == statuses


@pytest.mark.row("E6")
@pytest.mark.parametrize("number", [n for n in signal.Signals if n not in (
    signal.SIGCHLD, signal.SIGCONT, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGURG,
    signal.SIGWINCH)], ids=lambda n: n.name)
def test_death_by_a_signal_passes_as_it_is(plash, busybox, number):
    no_core = lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    process = plash.start(
        [plash.command, "run", busybox, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=no_core)
    os.write(process.stdin.fileno(), b"up\n")
    assert process.stdout.readline() == b"up\n"
    process.send_signal(number)
    process.communicate()
    assert process.returncode == -number


@pytest.mark.row("E1")
def test_a_signal_of_the_user_reaches_the_program(plash, busybox):
    script = "trap 'echo caught; exit 7' TERM; echo ready; while :; do sleep 0.05; done"
    process = plash.start([plash.command, "run", busybox, "sh", "-c", script], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.terminate()
    assert (process.communicate()[0], process.returncode) == (b"caught\n", 7)


@pytest.mark.row("E6")
def test_a_program_that_is_not_there_is_127(plash, busybox):
    assert plash.error("run", busybox, "nothing-like-this", status=127) == "nothing-like-this: not found in the image"


@pytest.mark.row("E6")
@pytest.mark.parametrize("path", ["/etc/passwd", "/etc"])
def test_a_program_that_cannot_be_executed_is_126(plash, busybox, path):
    assert plash.error("run", busybox, path, status=126) == f"{path}: Permission denied"


@pytest.mark.row("E6")
@pytest.mark.parametrize("words", [["data"], ["sudo"], ["with-mount", "{id}"]], ids=lambda words: words[0])
def test_a_program_is_not_there_though_a_folder_of_path_cannot_be_entered(plash, busybox, work, words):
    """The folder belongs to whoever runs the tests."""
    (work / "closed").mkdir(mode=0)
    (work / "tool").write_text("no program")
    words = [word.format(id=busybox) for word in words]
    path = {"PATH": f"{work}/closed:{work}:/usr/bin:/bin"}
    assert plash.error(*words, "nothing-like-this", env=path, status=127) == "nothing-like-this: No such file or directory"
    assert plash.error(*words, "tool", env=path, status=126) == "tool: Permission denied"


def test_a_script_whose_interpreter_is_missing_says_so(plash, busybox, work):
    image = plash("build", "--from", busybox, "--write-script", "/bin/broken", "#!/bin/none", "exit 0")
    for name in ("broken", "/bin/broken"):
        said = plash.error("run", image, name, status=127)
        assert said == f"{name}: its interpreter (after `#!`; of a binary, the dynamic linker) is not in the image"


def test_standard_input_belongs_to_the_program(plash, busybox):
    assert plash("run", busybox, "cat", input=b"from outside\0\xff") == "from outside\0\\xff"


@pytest.mark.row("J13")
def test_arguments_are_bytes(plash, busybox):
    words = [b"", b" ", b"\xff\xfe", b"a\nb", b"-x", b"--", b"$(id)"]
    result = plash.try_("run", busybox, "sh", "-c", 'printf "[%s]" "$@"', "sh", *words)
    assert result.out == b"".join(b"[" + word + b"]" for word in words)


def test_changes_are_thrown_away(plash, busybox):
    plash("run", busybox, "sh", "-c", "echo x >/changed; rm /etc/passwd; mkdir /bin/new")
    assert plash("run", busybox, "sh", "-c", "ls /changed /bin/new 2>/dev/null; cat /etc/passwd").startswith("root:")


@pytest.mark.parametrize("changes", ["memory", "disk"])
def test_lower_directories_can_be_removed_and_made_again(plash, busybox, changes):
    script = "rm -rf /var && mkdir /var && ls /var | wc -l && rmdir /var && mv /usr /x && mkdir /usr && ls /usr | wc -l"
    assert plash("run", busybox, "/bin/sh", "-c", script, env={"PLASH_CHANGES": changes}) == "0\n0"


def test_root_of_the_image_owns_what_root_makes(plash, busybox):
    script = "touch /f && chown 1000:1000 /f && stat -c %u:%g /f && chown 65534:65534 /f && stat -c %u:%g /f && id -u"
    assert plash("run", busybox, "sh", "-c", script) == "1000:1000\n65534:65534\n0"


def test_a_program_can_become_another_user(plash, debian):
    script = "setpriv --reuid=1000 --regid=1000 --clear-groups sh -c 'id -u; id -g; touch /tmp/../var/tmp/x && stat -c %u /var/tmp/x'"
    assert plash("run", debian, "sh", "-c", script) == "1000\n1000\n1000"


# What it sees of the host


@pytest.mark.row("J14")
def test_nothing_but_the_three_descriptors_is_passed_on(plash, busybox):
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    seen = plash("run", busybox, "sh", "-c", "ls /proc/$$/fd; true", pass_fds=[writer])
    os.close(reader)
    os.close(writer)
    assert {int(number) for number in seen.split()} == OWN_FILES


@pytest.mark.row("J13")
def test_closed_standard_descriptors_become_dev_null(plash, busybox):
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        report = "ls -l /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 >/tmp/report-$PPID 2>&1; exit 3"
        result = plash.host("sh", "-c", f'exec "$0" run "$1" sh -c "exit 3" {closed}', plash.command, busybox)
        assert result.status == 3, (closed, report, result)


@pytest.mark.row("J15")
def test_the_environment_is_that_of_a_login_shell(plash, busybox):
    image = plash("build", "--from", busybox, "--run", "mkdir -p /etc/profile.d", "--write-file", "/etc/profile",
                  "export COLOUR=blue", "PATH=/opt/bin:$PATH")
    env = {"SECRET": "x", "TERM": "dumb", "DISPLAY": ":1", "EXPORTED": "a b", "EMPTY": "", "IFS": "/",
           "LD_PRELOAD": "/nothing", "BASH_ENV": "/nothing", "PLASH_EXPORT": "EXPORTED:EMPTY:UNSET"}
    seen = dict(line.split("=", 1) for line in plash("run", image, "env", env=env).splitlines())
    assert seen.pop("PATH").startswith("/opt/bin:/usr/local/sbin:")
    assert seen == {"COLOUR": "blue", "TERM": "dumb", "DISPLAY": ":1", "EXPORTED": "a b", "SHELL": "/bin/sh",
                    "HOME": plash.account.home}


def test_the_path_of_the_image_finds_the_program(plash, busybox):
    image = plash("build", "--from", busybox, "--run", "mkdir -p /opt/bin", "cp /bin/busybox /opt/bin/busybox.new",
                  "echo 'PATH=/opt/bin:$PATH' >/etc/profile")
    assert plash("run", image, "busybox.new", "echo", "found") == "found"


@pytest.mark.row("J13")
def test_no_home_means_that_of_the_password_file(plash, busybox):
    assert plash("run", busybox, "sh", "-c", "echo $HOME", env={"HOME": None}) == plash.account.home


def test_without_a_command_it_is_the_shell_of_root(plash, busybox):
    for end in ("", "\\n"):
        image = plash("build", "--from", busybox, "--run", f"printf 'x:x:1:1:::\\nroot:x:0:0::/root:/bin/ash{end}' >/etc/passwd")
        assert plash("run", image, input=b"echo $SHELL $0\n") == "/bin/ash /bin/ash"


def test_a_home_elsewhere_is_the_hosts(plash, busybox, user_only):
    """What programs wrote there was lost. One that is no directory of the user's is nothing that the image has to give way to."""
    scratch = Scratch("/opt", "plash-elsewhere-")
    plash.account.owns(scratch.path)
    plash("run", busybox, "sh", "-c", "cd /; echo kept >~/file", env={"HOME": str(scratch.path)})
    assert (scratch.path / "file").read_text() == "kept\n"
    scratch.remove()
    assert plash("run", busybox, "ls", "/bin/busybox", env={"HOME": "/bin"}) == "/bin/busybox"


def test_tmp_and_home_are_the_hosts(plash, busybox, work):
    (work / "seen").write_text("host\n")
    assert plash("run", busybox, "cat", str(work / "seen")) == "host"
    plash("run", busybox, "sh", "-c", f"echo inside >{work}/made")
    made = work / "made"
    assert (made.read_text(), made.stat().st_uid) == ("inside\n", plash.account.uid)
    assert plash("run", busybox, "ls", "-d", plash.account.home) == plash.account.home


def test_the_current_directory_is_kept_if_the_image_has_it(plash, busybox, work):
    assert plash("run", busybox, "pwd", cwd=work) == str(work)
    assert plash("run", busybox, "pwd", cwd="/usr/bin") == "/usr/bin"
    assert plash("run", busybox, "pwd", cwd="/") == "/"


def test_a_current_directory_that_the_image_does_not_have_is_mapped(plash, busybox):
    folder = plash.data.parent / "a directory"
    folder.mkdir(exist_ok=True)
    plash.account.owns(folder)
    (folder / "file").write_text("here\n")
    assert plash("run", busybox, "sh", "-c", "pwd; cat file; echo new >made", cwd=folder) == f"{folder}\nhere"
    assert (folder / "made").read_text() == "new\n"


@pytest.mark.row("J13")
@pytest.mark.parametrize("command", ["run", "build", "create"])
def test_a_current_directory_that_is_closed(plash, busybox, user_only, command):
    """As after `sudo -u`: it is of no use to anybody, and no reason to fail."""
    scratch = Scratch("/opt", "plash-closed-")
    words = {"run": ["run", busybox, "pwd"], "build": ["build", "--from", busybox, "--run", f": {os.urandom(6).hex()}", "pwd >&2"],
             "create": ["create", busybox, "sh", "-c", "pwd >&2"]}[command]
    scratch.path.chmod(0o700)
    script = f"cd {scratch.path} && exec {shlex.join([*plash.account.wrap(), plash.command, *words])}"
    result = plash.host("sh", "-c", script, as_root=True)
    scratch.remove()
    assert result.status == 0 and "/" in (result.text if command == "run" else result.errors).splitlines(), result


def test_a_current_directory_that_was_deleted_is_the_root(plash, busybox, work):
    script = f'mkdir {work}/gone && cd {work}/gone && rmdir {work}/gone && exec "$0" run "$1" pwd'
    assert plash.host("sh", "-c", script, plash.command, busybox).text == "/\n"


@pytest.mark.parametrize("target", ["/etc/real", "real", "../run/resolv/stub.conf", "/run/resolv/stub.conf"])
def test_a_resolv_conf_that_is_a_link(plash, target):
    image = Archive().file("etc/real").link("etc/resolv.conf", target).imported(plash)
    seen = plash.host("cat", "/etc/resolv.conf").out
    result = plash.try_("run", image, "cat", "/etc/resolv.conf")
    assert (result.status, result.out) == (0, seen)


# The terminal


def on_a_terminal(plash, *words, typed=b"", **options):
    """Runs a command on a terminal of its own; gives its wait status and what appeared."""
    controller, terminal = pty.openpty()
    process = plash.start(
        [plash.command, *words], stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), **options)
    os.close(terminal)
    shown = b""
    while True:
        try:
            chunk = os.read(controller, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
        if typed and b"ready" in shown:
            os.write(controller, typed)
            typed = b""
    os.close(controller)
    return process.wait(), shown.replace(b"\r\n", b"\n")


@pytest.mark.row("E4")
def test_the_terminal_is_kept(plash, busybox):
    status, shown = on_a_terminal(plash, "run", busybox, "sh", "-c", "test -t 0 && test -t 1 && tty && stty size >/dev/null")
    assert status == 0 and shown.startswith(b"/dev/pts/")


@pytest.mark.row("E1")
def test_ctrl_c_reaches_the_program(plash, busybox):
    status, shown = on_a_terminal(plash, "run", busybox, "sh", "-c", "echo ready; exec sleep 60", typed=b"\x03")
    assert status == -signal.SIGINT


@pytest.mark.row("E4")
def test_job_control_works(plash, busybox):
    process = plash.start([plash.command, "run", busybox, "sh", "-c", "echo up; exec sleep 60"], stdout=subprocess.PIPE,
                          preexec_fn=os.setpgrp)
    # In a group of its own, as a shell's jobs are: the kernel ignores Ctrl-Z in groups without a shell.
    process.stdout.readline()
    state = lambda: open(f"/proc/{process.pid}/stat").read().rsplit(")")[1].split()[0]
    process.send_signal(signal.SIGTSTP)
    assert eventually(lambda: state() == "T")
    process.send_signal(signal.SIGCONT)
    assert eventually(lambda: state() == "S")
    process.kill()
    process.wait()


@pytest.mark.row("E5")
def test_what_the_caller_ignores_stays_ignored(plash, busybox):
    ignored = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    seen = plash("run", busybox, "grep", "SigIgn", "/proc/self/status", preexec_fn=ignored)
    assert int(seen.split()[1], 16) == 1 << signal.SIGHUP - 1


@pytest.mark.row("E5")
def test_blocked_signals_are_unblocked(plash, busybox):
    block = lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGUSR1])
    seen = plash("run", busybox, "grep", "-E", "SigBlk|SigIgn", "/proc/self/status", preexec_fn=block)
    assert [int(line.split()[1], 16) for line in seen.splitlines()] == [0, 0]


@pytest.mark.row("J13")
def test_the_umask_of_the_caller_is_kept(plash, busybox):
    assert plash("run", busybox, "sh", "-c", "umask", preexec_fn=lambda: os.umask(0o077) and None) == "0077"


# Plash in plash


@pytest.mark.row("J12")
@pytest.mark.parametrize("changes", ["memory", "disk"])
def test_plash_runs_inside_plash(plash, busybox, work, changes):
    """As root of the container, with the same program, on a store below /tmp."""
    inner = plash.on(work / "data")
    base = inner("build", "--from-busybox")
    (work / "plash").write_bytes((plash.stage / "bin/plash").read_bytes())
    (work / "plash").chmod(0o755)
    script = f"""
        export PLASH_DATA={inner.data} PLASH_CHANGES={changes}
        image=$({work}/plash build --from {base} --run 'echo inner >/inner; chown 7:7 /inner') &&
        {work}/plash run "$image" sh -c 'cat /inner; stat -c %u /inner; exit 9'
    """
    result = plash.try_("run", busybox, "sh", "-c", script)
    assert (result.status, result.text) == (9, "inner\n7\n"), result
    inner.assert_nothing_left()


def test_plash_in_plash_keeps_its_data_in_the_home_directory(plash, busybox, work, user_only):
    """There "root" is not the host's root, whose data are in /var/lib/plash."""
    (work / "plash").write_bytes((plash.stage / "bin/plash").read_bytes())
    (work / "plash").chmod(0o755)
    plash("run", busybox, "sh", "-c", f"unset PLASH_DATA; HOME={work}/home {work}/plash init")
    assert (work / "home/.plashdata/index").is_dir()


def test_archives_are_not_for_terminals(plash, busybox):
    """Whoever calls it by mistake would wait for ever, or see bytes that are no text."""
    for words, usage in ((["import-tar"], "plash import-tar FILE (standard input is a terminal)"),
                         (["export-tar", busybox], "plash export-tar ID FILE (standard output is a terminal)")):
        assert on_a_terminal(plash, *words) == (2, f"usage: {usage}\n".encode())
    assert plash.try_("import-tar", "").errors == "usage: plash import-tar [FILE]\n"
