"""An image as an archive on standard output."""

import io
import os
import signal
import stat
import subprocess
import tarfile

import pytest
from harness import eventually


def test_the_same_image_gives_the_same_archive(plash, busybox):
    archive = plash.host(plash.command, "export-tar", busybox).out
    assert plash.host(plash.command, "export-tar", busybox).out == archive
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        assert "bin/busybox" in {name.removeprefix("./") for name in tar.getnames()}


@pytest.mark.parametrize("command", ["export-tar", "history", "help"])
def test_a_reader_that_has_had_enough_is_no_error(plash, busybox, command):
    reader, writer = os.pipe()
    os.close(reader)
    words = [command] if command == "help" else [command, busybox]
    process = plash.start([plash.command, *words], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (process.communicate()[1], process.wait()) == (b"", -signal.SIGPIPE)


def test_links_and_pipes_with_two_names_are_one_file(plash, busybox):
    id = plash("build", "--from", busybox, "--run", "ln -s nowhere /a; ln /a /b; mkfifo /p; ln /p /q")
    archive = plash.host(plash.command, "export-tar", id).out
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        kinds = {member.name.removeprefix("./"): (member.type, member.linkname) for member in tar}
    assert [kinds[name] for name in "abpq"] == [
        (tarfile.SYMTYPE, "nowhere"), (tarfile.LNKTYPE, "a"), (tarfile.FIFOTYPE, ""), (tarfile.LNKTYPE, "p")]
    again = plash("import-tar", input=archive)
    assert plash.host(plash.command, "export-tar", again).out == archive


def test_paths_longer_than_a_system_call_takes(fresh):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(tarfile.TarInfo(path := "/".join(["d" * 250] * 20)))
    id = fresh("import-tar", input=data.getvalue())
    archive = fresh.host(fresh.command, "export-tar", id).out
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        assert tar.getnames()[-1].removeprefix("./") == path
    assert fresh.host(fresh.command, "export-tar", fresh("import-tar", input=archive)).out == archive
    assert fresh("fsck", "--full") == ""
    fresh("rm", id)


def test_times_before_1970(plash):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, time in (("half", "-1.5"), ("whole", "-86400"), ("late", "4294967295.25")):
            info = tarfile.TarInfo(name)
            info.pax_headers = {"mtime": time}
            tar.addfile(info)
    id = plash("import-tar", input=data.getvalue())
    times = [(plash.files(id) / name).stat().st_mtime_ns for name in ("half", "whole", "late")]
    assert times == [-1_500_000_000, -86_400_000_000_000, 4_294_967_295_250_000_000]
    archive = plash.host(plash.command, "export-tar", id).out
    again = plash("import-tar", input=archive)
    assert plash.host(plash.command, "export-tar", again).out == archive


def test_what_is_no_archive_is_written_to(plash, busybox, work):
    """Devices, FIFOs and what links lead to stay what they are."""
    archive = plash.host(plash.command, "export-tar", busybox).out
    (work / "link").symlink_to(work / "file")
    (work / "file").touch()
    plash.account.owns(work / "file")
    assert plash("export-tar", busybox, str(work / "link")) == ""
    assert (work / "link").is_symlink() and (work / "file").read_bytes() == archive
    os.mkfifo(work / "fifo")
    plash.account.owns(work / "fifo")
    with open(work / "read", "wb") as output:
        reader = subprocess.Popen(["cat", work / "fifo"], stdout=output)
    assert plash("export-tar", busybox, str(work / "fifo")) == ""
    assert reader.wait() == 0 and (work / "read").read_bytes() == archive and (work / "fifo").is_fifo()
    piped = plash.host("sh", "-c", f'"$0" export-tar {busybox} /dev/stdout | cat', plash.command).out
    assert len(piped) == len(archive) and piped == archive
    assert plash("export-tar", busybox, "/dev/null") == ""
    assert not plash.error("export-tar", busybox, "").startswith(".partial")
    # Of one that fails, what was never written is not deleted.
    (work / "astray").symlink_to("/nowhere/at/all")
    (work / "astray.partial").touch()
    plash.error("export-tar", busybox, str(work / "astray"))
    assert (work / "astray.partial").exists()


def test_modes_of_archives_are_the_callers(plash, busybox, work):
    plash.host("sh", "-c", f'umask 077; exec "$0" export-tar {busybox} {work}/new', plash.command)
    plash.host("sh", "-c", f'umask 022; >{work}/old; chmod 640 {work}/old; exec "$0" export-tar {busybox} {work}/old', plash.command)
    assert [stat.S_IMODE((work / name).stat().st_mode) for name in ("new", "old")] == [0o600, 0o640]


def test_an_export_that_is_ended_leaves_nothing(plash, debian, work):
    for number in (signal.SIGTERM, signal.SIGHUP):
        export = plash.start([plash.command, "export-tar", debian, str(work / "archive")])
        assert eventually(lambda: (work / "archive.partial").exists() and (work / "archive.partial").stat().st_size)
        export.send_signal(number)
        assert export.wait(timeout=20) == -number
        assert list(work.iterdir()) == []


def test_a_closed_standard_output_is_an_error(plash, busybox):
    result = plash.host("bash", "-c", f'exec "$0" export-tar {busybox} >&-', plash.command)
    assert (result.status, result.errors) == (1, "plash error: write standard output: Bad file descriptor\n")
